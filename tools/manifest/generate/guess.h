/* What is inferred of a library: classes of handles, and what each function does with them, every inference with its
 * reason, and a question where only a person can know. */
#ifndef HG_MANIFEST_GENERATE_GUESS_H
#define HG_MANIFEST_GENERATE_GUESS_H

#include "manifest/model/manifest.h"
#include "manifest/prototype/prototype.h"
#include "program/elf/exports.h"

enum { HG_GUESS_USES = 16, HG_NO_QUESTION = 0 };

struct hg_guess_class {
	char *name;
	const char *identity; /* the type in C */
	const char *spelling; /* the same, as the header writes it */
	enum hg_type type;
	bool is_visible;      /* its fields stand in the header */
	bool is_caller_owned; /* memory of the caller's, which a function fills and another empties */
	bool is_shared;       /* its users are counted */
	bool is_led_to;       /* a call on one hands out another one, as a device its parent device */
	size_t creates, frees, ops;
	const char *first_create, *first_free;
	size_t question;
};

enum hg_guess_role {
	HG_GUESS_OP,
	HG_GUESS_OP_ARRAY, /* the argument is an array of handles */
	HG_GUESS_FREE,
	HG_GUESS_FREE_ADDRESS, /* the argument is the address of the handle */
	HG_GUESS_CREATE,       /* the result */
	HG_GUESS_CREATE_OUT,   /* through an argument */
	HG_GUESS_CREATE_HERE,  /* the argument itself: memory of the caller's */
	HG_GUESS_ACQUIRE,
	HG_GUESS_RELEASE
};

struct hg_guess_use {
	size_t class_index;
	int argument;
	enum hg_guess_role role;
	int count; /* of an array: the argument that says how many there are */
};

struct hg_guess_function {
	const struct hg_prototype *prototype;
	struct hg_guess_use uses[HG_GUESS_USES];
	size_t use_count;
	bool has_parent; /* its op's handle is the parent of what it creates */
	bool wakes;      /* an op that may come while a free waits */
	bool is_left_out;
	bool takes_array;   /* of handles, and nothing tells how long it is */
	const char *reason; /* null: that it takes a handle */
	size_t question;
};

struct hg_guess {
	const struct hg_exports *exports;
	const char *basis; /* what it was inferred from */
	bool by_names;     /* names alone are known, and the prototypes made up */
	char *prefix;      /* that most functions of the library begin with, with its underline */
	struct hg_guess_class *classes;
	size_t class_count;
	struct hg_guess_function *functions; /* that do something with handles, in the order of the source */
	size_t function_count;
	char **identities; /* of classes that a manifest has told */
	size_t identity_count;
	char **questions; /* the first is number 1 */
	size_t question_count;
};

/* Infers all of it; `basis` is kept as it is. `by_names`: the prototypes were made up from names. `prototypes` are
 * changed: untyped pointers that are told apart by their names get a type. Of a manifest (null: there is none) the
 * types of its classes are those of handles too, whatever frees them. */
void hg_guess_make(struct hg_guess *guess, const char *basis, bool by_names, const struct hg_exports *exports,
                   struct hg_prototypes *prototypes, const struct hg_manifest *manifest);
void hg_guess_drop(struct hg_guess *guess);

/* Returns the question's number. */
size_t hg_guess_ask(struct hg_guess *guess, const char *question, ...) __attribute__((format(printf, 2, 3)));

/* ---- The steps, in this order ---- */

void hg_guess_prefix(struct hg_guess *guess, const struct hg_prototypes *prototypes);
/* Gives untyped pointers (void *) the type that names of functions and parameters tell. */
void hg_guess_untyped(const struct hg_guess *guess, struct hg_prototypes *prototypes);
void hg_guess_classes(struct hg_guess *guess, const struct hg_prototypes *prototypes);
/* Adds classes that the manifest has, by the types that its functions take for them. */
void hg_guess_told_classes(struct hg_guess *guess, const struct hg_prototypes *prototypes,
                           const struct hg_manifest *manifest);
void hg_guess_roles(struct hg_guess *guess, const struct hg_prototypes *prototypes);
/* Of what is named like frees of the same class, leaves those that the others do not outweigh. */
void hg_guess_outweighed(struct hg_guess *guess);

/* Whether a parameter that holds the address of handles is an array of them that the function is given. */
bool hg_guess_takes_array(const struct hg_c_parameter *parameter);
/* The argument that says how many there are; HG_NO_NUMBER: none. */
int hg_guess_array_count(const struct hg_prototype *prototype, size_t index);

/* The index of the class of that type, or class_count. */
size_t hg_guess_class_of(const struct hg_guess *guess, const char *identity);

/* The parameter whose handle the function frees, by its name and its types, or parameter_count: none. What is asked for
 * is the type of a parameter, or of what one points to. */
size_t hg_guess_freed(const struct hg_guess *guess, const struct hg_prototype *prototype);

/* The type of the handle that a parameter carries (`address`: false) or holds the address of (true); null: none. */
const char *hg_guess_carried(const struct hg_c_type *type, bool *address);

#endif
