/* One file that a browser shows without anything else: a page that tells the data in it. */
#ifndef HG_REPORT_PAGE_PAGE_H
#define HG_REPORT_PAGE_PAGE_H

#include <stdio.h>

/* The page up to its data. What is printed then, on the stream returned, is JSON, and is written so that no text in it
 * ends the data; closed by hg_page_end. Null: there is no memory. */
FILE *hg_page_begin(FILE *out);
void hg_page_end(FILE *out, FILE *data);

#endif
