#include "provoke/lines.h"

void hg_line_text(struct hg_line *line, const char *text)
{
	for (; *text; text++)
		hg_line_add(line, *text);
}

void hg_line_number(struct hg_line *line, uint64_t number, unsigned base)
{
	char digits[24]; /* no limit: no number has more */
	unsigned count = 0;
	do
		digits[count++] = "0123456789abcdef"[number % base];
	while ((number /= base) && count < sizeof digits);
	while (count)
		hg_line_add(line, digits[--count]);
}
