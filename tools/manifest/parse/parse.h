/* What the readers of a manifest's parts share while one manifest is read. */
#ifndef HG_MANIFEST_PARSE_PARSE_H
#define HG_MANIFEST_PARSE_PARSE_H

#include "manifest/model/manifest.h"
#include "manifest/model/value.h"
#include "manifest/yaml/nodes.h"

#define HG_ARGUMENT_MAX    31
#define HG_USE_MAX         32u
#define HG_STACK_DEFAULT   64
#define HG_STACK_MAX       65536
#define HG_ZERO_MAX        65536
#define HG_DEADLINE_MS_MAX 86400000

/* A reject value before it is known what the function returns. */
struct hg_reject_spec {
	struct hg_yaml_entry entry; /* entry.value is NULL: not given */
	struct hg_value value;
	bool has_value;
	const char *text;   /* in the value's place; NULL: none */
	const char *throws; /* a class of Java; NULL: none */
	int error;
};

struct hg_parse {
	struct hg_yaml yaml;
	struct hg_manifest *manifest;
	const char **class_names;             /* by class index */
	struct hg_reject_spec *class_rejects; /* by class index */
	struct hg_yaml_entry *class_wakes;    /* by class index; value NULL: nothing is said */
	uint32_t stack_bytes;                 /* of functions that say nothing */
};

/* Whether this handleguard, of that version, is as new as the manifest's `requires` says it must be. False after noting
 * that it is not. */
bool hg_check_requirement(struct hg_parse *parse, const yaml_node_t *root, const char *version);

/* Each fills its part and returns false if a mistake was noted. */
bool hg_parse_classes(struct hg_parse *parse, const struct hg_yaml_entry *classes);
bool hg_parse_function(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                       struct hg_manifest_function *function);
bool hg_parse_stack_bytes(struct hg_parse *parse, const struct hg_yaml_entry *entry, uint32_t *bytes);

/* Finds the index of a class by its name, which stands at `at`. False after noting that there is no such class. */
bool hg_find_class(struct hg_parse *parse, const yaml_node_t *at, const char *key, const char *name, uint32_t *index);
/* Reads {CLASS: ARG} as far as its one pair and its class. */
bool hg_read_class_pair(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_yaml_entry *pair,
                        uint32_t *index);

/* Reads `reject` or, without errno, `deferred`. */
bool hg_parse_reject(struct hg_parse *parse, const struct hg_yaml_entry *entry, bool errno_allowed,
                     struct hg_reject_spec *spec);
/* What a rejected call of a function returns: what the function says, else what its class says if that fits the result,
 * else zero. `by_class` may be NULL. */
bool hg_resolve_reject(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_reject_spec *own,
                       const struct hg_reject_spec *by_class, struct hg_manifest_function *function);
/* The bits of a value as the function's result. */
bool hg_resolve_value(struct hg_parse *parse, const struct hg_reject_spec *spec, enum hg_type returns, uint64_t *bits);

/* The keys of a class that are about handles with several holders. */
enum hg_sharing_key { HG_SHARING_SHARED, HG_SHARING_HOLDERS, HG_SHARING_SEVERING, HG_SHARING_LIMIT, HG_SHARING_KEYS };
bool hg_parse_sharing(struct hg_parse *parse, const struct hg_yaml_entry *values, struct hg_manifest_class *class);

/* Reads each class's `wake`, once the functions are known. */
bool hg_parse_wakes(struct hg_parse *parse);
/* Reads `tables` at the manifest's top, once the functions are known. */
bool hg_parse_tables(struct hg_parse *parse, const struct hg_yaml_entry *entry);
/* Whether a preload object can stand in front of a function of this name, which is the entry's key. */
bool hg_check_function_name(struct hg_parse *parse, const struct hg_yaml_entry *entry);
/* Finds the number of the function that the entry's value names. False after noting that there is none. */
bool hg_find_function(struct hg_parse *parse, const struct hg_yaml_entry *entry, size_t *number);

/* The keys of a function, in the order that the manifest's description gives them. */
enum hg_function_key {
	HG_KEY_RETURNS,
	HG_KEY_CREATE,
	HG_KEY_FROM,
	HG_KEY_WHEN,
	HG_KEY_PARENT,
	HG_KEY_OP,
	HG_KEY_FREE,
	HG_KEY_FREED,
	HG_KEY_ENDS,
	HG_KEY_WHILE_FREEING,
	HG_KEY_REJECT,
	HG_KEY_ZERO,
	HG_KEY_DEFERRED,
	HG_KEY_STACK_BYTES,
	HG_KEY_SRET,
	HG_KEY_CONCURRENT,
	HG_KEY_CHILDREN,
	HG_KEY_PARKS,
	HG_KEY_TIMEOUT,
	HG_KEY_ACQUIRE,
	HG_KEY_SINK,
	HG_KEY_RELEASE,
	HG_KEY_FLOATING,
	HG_KEY_CALLBACKS,
	HG_KEY_NULL,
	HG_KEY_CHILDREN_OF,
	HG_KEY_OPTIONAL,
	HG_KEY_SINCE,
	HG_KEY_REENTRANT,
	HG_KEY_MAY_END,
	HG_KEY_CLOSE,
	HG_KEY_ATTACH,
	HG_KEY_DETACH,
	HG_KEY_DETACHES,
	HG_KEY_ATTACHED,
	HG_FUNCTION_KEYS
};

/* Fills function->uses from `op`, `free`, `acquire` and `release`. */
bool hg_parse_uses(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function);
/* Fills function->makes from `create` and the keys beside it. The conditions are not read yet: `whens` (to be freed)
 * gets their entries, one for each make; value NULL: there is none. */
bool hg_parse_makes(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function,
                    struct hg_yaml_entry **whens);
/* Fills function->zeros from `zero`, and from the size of a result in memory, which must be known. */
bool hg_parse_zeros(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_manifest_function *function);
/* Reads `parks` and `timeout`, once it is known what the function returns. */
bool hg_parse_blocking(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function);
/* Reads `optional` and `since`: whether a library may lack the function. */
bool hg_parse_presence(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function);
/* Reads `unguarded` at the manifest's top: {REASON: [FUNCTION, ...]}. */
bool hg_parse_unguarded(struct hg_parse *parse, const struct hg_yaml_entry *entry);
/* Reads `null`: whether calls with a value of `none` are rejected. Such values the class must have; NULL: it is not
 * known yet which class. */
bool hg_parse_null(struct hg_parse *parse, const struct hg_yaml_entry *entry, const struct hg_manifest_class *class,
                   enum hg_none *none);
/* What holds of each handle that the function is given: what it says itself, else the function, else the class. */
bool hg_settle_nulls(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function);
/* Whether what the function says of claims on shared handles makes sense. */
bool hg_check_claims(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                     const struct hg_manifest_function *function);
/* Reads `children` into the uses that end a handle. */
bool hg_parse_children(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function);
/* Reads `children_of`: the handle of which a free ends what was made from it. It is an op's too. */
bool hg_parse_children_of(struct hg_parse *parse, const struct hg_yaml_entry *keys,
                          struct hg_manifest_function *function);
/* What the end of a handle means for those that were given to it, where nothing is said: they end too. Once all
 * functions are known. */
bool hg_settle_given(struct hg_parse *parse, const struct hg_yaml_entry *functions);
/* Reads `attach`, `detach`, `detaches` and `attached`, once the uses are known. Their handles are ops' too. */
bool hg_parse_ties(struct hg_parse *parse, const struct hg_yaml_entry *keys, struct hg_manifest_function *function);
/* The same of a handle that is made: of whatever ends it. */
bool hg_parse_made_children(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_image_make *make);
bool hg_parse_floating(struct hg_parse *parse, const struct hg_yaml_entry *entry, struct hg_image_make *make);
/* The highest argument number that the function's manifest may use. */
unsigned hg_argument_max(const struct hg_manifest_function *function);
/* Reads `if`: {ARG: VALUE}; always, if it is not there. */
bool hg_parse_choice(struct hg_parse *parse, const struct hg_yaml_entry *entry, unsigned highest,
                     struct hg_image_choice *choice);
/* Reads N or, if `indirect` is not NULL, "*N". */
bool hg_parse_argument(struct hg_parse *parse, const struct hg_yaml_entry *entry, unsigned highest, uint8_t *argument,
                       uint8_t *indirect);
/* Reads N, "*N", {struct: ...} or {array: ...} into a use whose class and role are known. */
bool hg_parse_place(struct hg_parse *parse, const struct hg_yaml_entry *entry,
                    const struct hg_manifest_function *function, struct hg_image_use *use);

#endif
