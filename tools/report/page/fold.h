/* JSON values with each distinct one kept once: thousands of findings share stacks, files and sentences, and the page
 * that tells them must not have them a thousand times. source/unfold.js is the other side. */
#ifndef HG_REPORT_PAGE_FOLD_H
#define HG_REPORT_PAGE_FOLD_H

#include <jansson.h>
#include <stdio.h>

#include "report/model/model.h"

/* Texts, each known by the number that it got when it was first met. */
struct hg_fold_table {
	struct hg_fold_entry *entries;
};

struct hg_fold {
	struct hg_model *model;      /* whose memory it uses */
	struct hg_fold_table keys;   /* of an object: its list of keys */
	struct hg_fold_table values; /* scalars, and lists of the numbers of other values */
};

/* The number of a value, which is dropped. */
size_t hg_fold(struct hg_fold *fold, json_t *value);

/* Prints `"keys": [...], "values": [...]`. A scalar stands for itself. A list [0, a, b, ...] is the array of the values
 * a, b, ...; and [n, a, b, ...] the object that has them under the keys of list n - 1. A value comes after those in it.
 */
void hg_fold_print(FILE *out, const struct hg_fold *fold);

void hg_fold_drop(struct hg_fold *fold);

#endif
