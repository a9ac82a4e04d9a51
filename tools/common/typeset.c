#include "common/typeset.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 100 };

static int width = USUAL_WIDTH;

void hg_print_duration(FILE *out, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}};
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (ns < units[i].ns)
			continue;
		double value = (double)ns / (double)units[i].ns;
		int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
		char text[64];
		snprintf(text, sizeof(text), "%.*f", digits, value);
		if (digits > 0) {
			size_t length = strlen(text);
			while (text[length - 1] == '0')
				text[--length] = '\0';
			if (text[length - 1] == '.')
				text[length - 1] = '\0';
		}
		fprintf(out, "%s %s", text, units[i].unit);
		return;
	}
	fprintf(out, "%" PRIu64 " ns", ns);
}

void hg_print_number(FILE *out, uint64_t number)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, number);

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			fputc(' ', out);
		fputc(digits[i], out);
	}
}

void hg_print_count(FILE *out, uint64_t number, const char *one, const char *many)
{
	hg_print_number(out, number);
	fprintf(out, " %s", number == 1 ? one : many);
}

static bool is_plain(const char *argument)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";

	return *argument != '\0' && strspn(argument, plain) == strlen(argument);
}

static bool has_control(const char *argument)
{
	for (const unsigned char *at = (const unsigned char *)argument; *at != '\0'; at++)
		if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0))
			return true;
	return false;
}

static void print_escaped(FILE *out, const char *argument)
{
	fputs("$'", out);
	for (const unsigned char *at = (const unsigned char *)argument; *at != '\0'; at++) {
		if (*at == '\n')
			fputs("\\n", out);
		else if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0))
			fprintf(out, "\\x%02x", *at);
		else if (at[0] >= 0x80 && at[0] < 0xa0 && at != (const unsigned char *)argument && at[-1] == 0xc2)
			fprintf(out, "\\x%02x", *at);
		else if (*at == '\'' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else
			fputc(*at, out);
	}
	fputc('\'', out);
}

void hg_print_argument(FILE *out, const char *argument)
{
	if (is_plain(argument))
		fputs(argument, out);
	else if (has_control(argument) || strchr(argument, '\''))
		print_escaped(out, argument);
	else
		fprintf(out, "'%s'", argument);
}

void hg_set_width(FILE *out, int asked)
{
	struct winsize size = {0};

	width = USUAL_WIDTH;
	if (asked > 0)
		width = asked;
	else if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col < HG_LEAST_WIDTH ? HG_LEAST_WIDTH : size.ws_col;
}

int hg_width_within(int most)
{
	return width < most ? width : most;
}

void hg_print_paragraph(FILE *out, const char *text, int at, int indent)
{
	hg_print_narrow_paragraph(out, text, at, indent, width);
}

void hg_print_narrow_paragraph(FILE *out, const char *text, int at, int indent, int columns)
{
	bool first = true;

	while (*text != '\0') {
		int length = (int)strcspn(text, " ");
		if (!first && at + 1 + length > columns) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		} else if (!first) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", length, text);
		at += length;
		first = false;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

const char *hg_paint(const struct hg_paint *paint, enum hg_colour colour)
{
	static const char *const codes[HG_COLOUR_COUNT] = {"\033[0m",    "\033[1m",  "\033[2m",
	                                                   "\033[1;31m", "\033[33m", "\033[32m"};

	return paint->on ? codes[colour] : "";
}

bool hg_wants_colour(FILE *out)
{
	const char *refused = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (refused && *refused != '\0')
		return false;
	return isatty(fileno(out)) && terminal && strcmp(terminal, "dumb") != 0;
}
