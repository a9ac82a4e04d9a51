#include "report/page/page.h"

#include <string.h>

#include <page_text.h> /* made by assemble.cmake */

#define DATA "@data@"

/* In JSON, "<" stands in texts alone: there, "</script>" and "<!--" would be the page's. */
static ssize_t write_escaped(void *cookie, const char *bytes, size_t size)
{
	FILE *out = cookie;

	for (size_t at = 0; at < size;) {
		const char *mark = memchr(bytes + at, '<', size - at);
		size_t plain = (mark ? (size_t)(mark - bytes) : size) - at;
		if (fwrite(bytes + at, 1, plain, out) != plain || (mark && fputs("\\u003c", out) == EOF))
			return 0;
		at += plain + (mark != NULL);
	}
	return (ssize_t)size;
}

FILE *hg_page_begin(FILE *out)
{
	fwrite(hg_page_text, 1, (size_t)(strstr(hg_page_text, DATA) - hg_page_text), out);
	return fopencookie(out, "w", (cookie_io_functions_t){.write = write_escaped});
}

void hg_page_end(FILE *out, FILE *data)
{
	fclose(data);
	fputs(strstr(hg_page_text, DATA) + strlen(DATA), out);
}
