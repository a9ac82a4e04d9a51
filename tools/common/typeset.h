/* How numbers, times and paragraphs look in print. */
#ifndef HG_COMMON_TYPESET_H
#define HG_COMMON_TYPESET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* "850 ns", "12.3 us", "4.56 ms", "5 s" */
void hg_print_duration(FILE *out, uint64_t ns);
/* "1 234 567" */
void hg_print_number(FILE *out, uint64_t number);
/* `one` or, unless the number is 1, `many`, after the number. */
void hg_print_count(FILE *out, uint64_t number, const char *one, const char *many);
/* An argument as a shell would take it; control characters as $'...'. */
void hg_print_argument(FILE *out, const char *argument);

enum { HG_LEAST_WIDTH = 40, HG_MOST_WIDTH = 1000 };

/* How many columns paragraphs have: as many as asked for or, if that is 0, as the terminal has to which the stream
 * leads; 100, if it leads to none. */
void hg_set_width(FILE *out, int asked);
/* The same, but no more than `most`. */
int hg_width_within(int most);

/* A paragraph, whose first line is already at column `at`, in lines of so many columns indented by `indent`. */
void hg_print_paragraph(FILE *out, const char *text, int at, int indent);
/* The same, of so many columns. */
void hg_print_narrow_paragraph(FILE *out, const char *text, int at, int indent, int columns);

enum hg_colour { HG_PLAIN, HG_BOLD, HG_FAINT, HG_RED, HG_YELLOW, HG_GREEN, HG_COLOUR_COUNT };

/* Colours that are on or off for a whole report. */
struct hg_paint {
	bool on;
};

/* What switches to a colour: an escape sequence, or nothing. */
const char *hg_paint(const struct hg_paint *paint, enum hg_colour colour);

/* Only on a terminal that knows colours, and not against the user's wish (NO_COLOR). */
bool hg_wants_colour(FILE *out);

#endif
