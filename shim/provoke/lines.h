/* Short texts, put together without libc. */
#ifndef HG_LINES_H
#define HG_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HG_LINE_MOST = 1024 }; /* limit: PROVOKE_FULL */

struct hg_line {
	size_t length;
	char text[HG_LINE_MOST];
};

static inline void hg_line_begin(struct hg_line *line)
{
	line->length = 0;
}

/* What has no room is left out, and then the line is full: nobody uses it. */
static inline void hg_line_add(struct hg_line *line, char character)
{
	if (line->length < HG_LINE_MOST)
		line->text[line->length++] = character;
}

static inline bool hg_line_is_full(const struct hg_line *line)
{
	return line->length == HG_LINE_MOST;
}

void hg_line_text(struct hg_line *line, const char *text);
void hg_line_number(struct hg_line *line, uint64_t number, unsigned base);

#endif
