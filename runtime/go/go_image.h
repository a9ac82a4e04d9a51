/* A Go program or library in the process: its table of functions, which the linker always keeps, also of stripped ones.
 * The layouts are those of Go 1.20 to 1.26; another table has another magic number, and is left alone. */
#ifndef HG_GO_IMAGE_H
#define HG_GO_IMAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the table begins. The offsets count from its beginning. */
struct hg_go_header {
	uint32_t magic;
	uint8_t zero[2], quantum, pointer; /* no limit: fixed */
	uint64_t function_count, file_count;
	uint64_t text; /* 0 from 1.26 on */
	uint64_t names, units, files, pcs, functions;
};

/* What the table says of a function; `pcdata_count` offsets of tables follow, then `funcdata_count` more. */
struct hg_go_function {
	uint32_t entry; /* from the text's beginning */
	int32_t name, args;
	uint32_t deferreturn, sp, file, line, pcdata_count, unit;
	int32_t start_line;
	uint8_t id, flag, pad, funcdata_count;
};

enum hg_go_saved {
	HG_GO_SAVED_UNKNOWN,
	HG_GO_SAVED_NEAR, /* from 1.22 on: at the stack pointer */
	HG_GO_SAVED_FAR   /* before, on amd64: five words above */
};

struct hg_go_image {
	const uint8_t *table;
	uint64_t size;              /* of the table, at most: to the end of what is mapped with it */
	uint64_t text, text_end;    /* of the Go functions */
	uint64_t funcdata;          /* what the offsets of inlined calls count from; 0: not known */
	uint64_t data, data_end;    /* where these may lie */
	uint64_t plain, plain_end;  /* variables without pointers that begin with a value; 0: not known */
	uint8_t wrapper;            /* `id` of functions that the compiler makes to call others */
	uint64_t calls[2], ends[2]; /* the two functions runtime.asmcgocall. no limit: there are no more */
	_Atomic unsigned saved;     /* enum hg_go_saved: where it saves the goroutine, as far as is known */
	_Atomic bool gone;          /* unloaded */
};

/* The image whose runtime.asmcgocall a call returns into; null: none. Looks for new ones if objects were loaded. */
struct hg_go_image *hg_go_image_of_call(uint64_t return_address);

/* Before it: looks for new ones if objects were loaded or unloaded since. False: there is none. */
bool hg_go_images_update(void);

/* False: another thread is just at it, and a later look may find more. */
bool hg_go_images_settled(void);

/* Where the code of a function of this name lies. False: there is none. */
bool hg_go_code_of(const struct hg_go_image *image, const char *name, uint64_t *code, uint64_t *end);

/* Those that are loaded, as far as they were found. */
void hg_go_images_each(void (*each)(const struct hg_go_image *image, void *argument), void *argument);

static inline const struct hg_go_header *hg_go_header(const struct hg_go_image *image)
{
	return (const struct hg_go_header *)image->table;
}

/* The function at an address; null: none. */
const struct hg_go_function *hg_go_function_at(const struct hg_go_image *image, uint64_t pc);

/* Its name, of at most *length bytes; never null. */
const char *hg_go_name(const struct hg_go_image *image, int32_t at, size_t *length);

bool hg_go_is_named(const struct hg_go_image *image, const struct hg_go_function *function, const char *name);

/* What one of its tables (`sp`, `file`, `line`, or an offset that follows) says of a pc of the function; -1: nothing.
 */
int32_t hg_go_value(const struct hg_go_image *image, const struct hg_go_function *function, uint32_t table,
                    uint64_t pc);

#endif
