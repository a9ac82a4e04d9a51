/* Reads nodes of a YAML document and keeps the mistakes found in it. Every hg_read_* returns true if it could fill its
 * result, else false after noting the mistake. */
#ifndef HG_MANIFEST_YAML_NODES_H
#define HG_MANIFEST_YAML_NODES_H

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

#include "manifest/model/notes.h"
#include "manifest/model/value.h"

struct hg_yaml {
	const char *path;
	yaml_document_t document;
	struct hg_notes mistakes;
};

/* A key of a map with its value: what a mistake is told about. */
struct hg_yaml_entry {
	const char *key;
	yaml_node_t *name; /* the key's node; NULL if the map lacks the key */
	yaml_node_t *value;
};

/* Parses text that must hold one YAML document, a `what`: "manifest". */
bool hg_yaml_load(struct hg_yaml *yaml, const char *path, const char *what, const char *text, size_t size);
/* Prints the mistakes in the order of the file, or the first hundred of them; returns their number. */
size_t hg_yaml_report(struct hg_yaml *yaml, FILE *errors);
void hg_yaml_release(struct hg_yaml *yaml);

/* Notes a mistake at a node: "FILE:LINE:COLUMN: key 'KEY': found FOUND, expected EXPECTED". */
void hg_mistake(struct hg_yaml *yaml, const yaml_node_t *at, const char *key, const char *found, const char *expected,
                ...) __attribute__((format(printf, 5, 6)));
/* The same about an entry's value, naming what the value is. */
void hg_mistaken_value(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, const char *expected, ...)
    __attribute__((format(printf, 3, 4)));

/* Notes that a map lacks a key: "FILE:LINE:COLUMN: key 'KEY' is missing; REMEDY". */
void hg_missing_key(struct hg_yaml *yaml, const yaml_node_t *map, const char *key, const char *remedy);

/* "one of a, b, c (did you mean 'b'?)"; to be freed. */
char *hg_choice(const char *text, const char *const *words, size_t count);

struct hg_mark hg_mark_of(const yaml_node_t *node);

/* The text of a scalar node, or NULL if it is none. A plain scalar may be a number or null; a quoted one is text. */
const char *hg_scalar(const yaml_node_t *node);
bool hg_is_plain(const yaml_node_t *node);

/* Fills `entries` (by the index of its key in `keys`) from a map's pairs. Unknown and duplicate keys are mistakes. */
bool hg_read_map(struct hg_yaml *yaml, const struct hg_yaml_entry *map, const char *const *keys, size_t count,
                 struct hg_yaml_entry *entries);
/* The pairs of a map with free keys. Duplicate keys are mistakes. */
size_t hg_pair_count(const yaml_node_t *map);
bool hg_read_pairs(struct hg_yaml *yaml, const struct hg_yaml_entry *map, struct hg_yaml_entry *pairs);
/* The items of a list, or the one value that stands for a list of one. */
size_t hg_item_count(const yaml_node_t *node);
struct hg_yaml_entry hg_item(struct hg_yaml *yaml, const struct hg_yaml_entry *list, size_t index);

bool hg_read_integer(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, hg_wide low, hg_wide high,
                     hg_wide *value);
bool hg_read_bool(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, bool *value);
/* The index of the entry's word among `words`. */
bool hg_read_word(struct hg_yaml *yaml, const struct hg_yaml_entry *entry, const char *const *words, size_t count,
                  size_t *index);

#endif
