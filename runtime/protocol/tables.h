/* The classes and symbols that the runtime knows of, in the process and in its recording. */
#ifndef HG_TABLES_H
#define HG_TABLES_H

#include <stdbool.h>

#include "format/record.h"
#include "protocol/class.h"

struct hg_context;

/* Announces how many symbols and classes are to come, before the start: the recording has these for certain, and room
 * for more of them, as of a second copy of a library or of embedded guards. */
void hg_tables_expect(unsigned symbols, unsigned classes);

/* Creates the recording with tables of the announced size, and with room for so many live handles (live.h). False if
 * memory is refused. */
bool hg_tables_start(unsigned live);

/* The first of the classes that have a root, which lead to each other. */
const struct hg_class *hg_classes_with_roots(void);

struct hg_class_description {
	const char *name;
	const char *manifest;
	uint32_t flags;
	uint32_t drain;          /* enum hg_drain + 1; 0: the run's */
	int64_t deadline_ms;     /* -1: the run's */
	uint32_t after_deadline; /* enum hg_after_deadline + 1; 0: the run's */
	const int64_t *nones;
	uint32_t none_count;
	uint64_t mask;
	uint32_t limit; /* 0: none is known */
	bool kept;      /* guards are the program's to name */
};

/* Null if the table is full. The description's texts and values must stay where they are. */
const struct hg_class *hg_class_add(const struct hg_class_description *description);

/* A map of the class says this of a class of its handles' children. False: memory is refused. */
bool hg_class_mean(const struct hg_class *parent, const struct hg_class *child, unsigned map,
                   enum hg_children children);

struct hg_manifest_description {
	const char *name;
	const char *patterns; /* of sonames, separated by spaces */
	const char *unguarded;
	uint64_t hash;
};

/* That the process is guarded by this manifest. */
void hg_manifest_add(const struct hg_manifest_description *description);

struct hg_symbol_description {
	const char *name;
	const char *manifest;
	const char *patterns; /* of sonames, separated by spaces; null: none */
	uint32_t class_index;
	uint32_t roles;
	const void *slot;
	enum hg_symbol_state state;
	uint32_t flags; /* enum hg_symbol_flag */
};

/* The symbol's index; UINT32_MAX if the table is full. */
uint32_t hg_symbol_add(const struct hg_symbol_description *description);

/* The symbol of a slot or site; UINT32_MAX if there is none. */
uint32_t hg_symbol_of_slot(const void *slot);

/* The symbol was bound to this function of this library (empty path: the program itself), or (real null) found nowhere.
 */
void hg_symbol_bind(uint32_t symbol, const void *real, const char *library);

/* Says more of the symbol (enum hg_symbol_flag). */
void hg_symbol_add_flag(uint32_t symbol, uint32_t flag);

/* One more reference to it was led to its guard. One thread at a time. */
void hg_symbol_led(uint32_t symbol);

/* Adds to one of the calling thread's counters of a class. */
void hg_count_class(struct hg_context *context, const struct hg_class *class, enum hg_class_counter counter);

/* Takes one back. Another thread may have counted it: only the sum over all threads is anything. */
void hg_uncount_class(struct hg_context *context, const struct hg_class *class, enum hg_class_counter counter);

#endif
