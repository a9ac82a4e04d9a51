/* Makes recordings for tests: in memory, with the structs of record.h, laid out as the runtime lays them out. What a
 * test wants to be wrong it changes in place. */
#ifndef BUILDER_H
#define BUILDER_H

#include <stdbool.h>

#include "format/record.h"

enum { BUILDER_RING = 64 << 10, BUILDER_COUNTERS = 32, BUILDER_CLASS_COUNTERS = 16, BUILDER_THREADS = 8 };

struct builder {
	uint64_t *words; /* the file */
	size_t size;
	struct hg_record_header *header;
	char *strings;
	struct hg_record_class *classes;
	struct hg_record_symbol *symbols;
	struct hg_record_module *modules;
	struct hg_record_site *sites;
	struct hg_record_label *labels;
	struct hg_record_told *told;
	struct hg_record_named *named;
	struct hg_record_reached *reached;
	struct hg_record_manifest *manifests;
	struct hg_record_unnamed *unnamed;
	uint64_t *totals;
	unsigned char *ring;
	char *threads;
};

struct builder *builder_new(void);
/* Room for live handles, which makes it the recording of a program that ends without running exit handlers. */
struct hg_record_live *builder_live(struct builder *builder);
void builder_drop(struct builder *builder);
struct hg_record_extent *builder_extent(struct builder *builder, enum hg_extent_type type);

uint32_t builder_text(struct builder *builder, const char *text);
uint32_t builder_class(struct builder *builder, const char *name);
uint32_t builder_symbol(struct builder *builder, const char *name, uint32_t class_index, uint32_t roles,
                        enum hg_symbol_state state);
struct hg_record_module *builder_module(struct builder *builder, const char *path, uint64_t bias, uint64_t low,
                                        uint64_t high);
/* From `ticks` on the thread is doing that. */
void builder_label(struct builder *builder, uint64_t ticks, uint32_t tid, const char *text);
struct hg_record_thread *builder_thread(struct builder *builder, uint32_t tid, const char *name);
struct hg_record_site *builder_site(struct builder *builder, enum hg_kind kind, uint32_t class_index, uint32_t symbol,
                                    uint32_t other_symbol, uint64_t count);

uint32_t builder_told(struct builder *builder, const char *function, const char *file, uint32_t line, uint32_t flags);

/* What is kept for a program counter: this function, at that line of /src/kept.c. */
struct hg_record_named *builder_named(struct builder *builder, uint64_t pc, uint32_t module, const char *function,
                                      uint32_t line);
struct hg_record_manifest *builder_manifest(struct builder *builder, const char *name, uint64_t hash);
struct hg_record_unnamed *builder_unnamed(struct builder *builder, const char *manifest, const char *function);
struct hg_record_reached *builder_reached(struct builder *builder, uint32_t symbol, const char *reach,
                                          const char *object);

/* A finding is put together from a head and parties, and then written to the ring as the runtime does. */
struct draft {
	_Alignas(16) unsigned char bytes[HG_FINDING_MAX];
	struct hg_record_finding *head;
};

void draft_begin(struct draft *draft, enum hg_kind kind, uint32_t class_index, uint64_t value);
struct hg_record_party *draft_party(struct draft *draft, enum hg_party_role role, uint32_t tid, uint32_t symbol,
                                    const uint64_t *pcs, uint32_t depth);
/* Adds frames of the user's to the party that was made last. */
void draft_told(struct draft *draft, struct hg_record_party *party, const uint32_t *told, uint32_t count);
/* A recording of a late free whose two sides are called from Go: net.(*Stream).Close at stream.go:12, inlined into
 * main.stop at main.go:34, and main.read at main.go:56. */
struct builder *builder_told_example(void);
/* Returns where in the ring it stands. */
uint64_t builder_write_finding(struct builder *builder, struct draft *draft);
/* Reserves room as a writer does that is killed before it commits. */
void builder_reserve(struct builder *builder, uint64_t length);
struct hg_record_finding *builder_finding_at(struct builder *builder, uint64_t position);

/* A recording with a class, functions, threads and one late free; its finding is told in golden texts. */
struct builder *builder_example(void);

/* The same with a finding of this kind instead: a call by thread 1, and a free by `free_tid` if that is not 0. */
struct builder *builder_of_kind(enum hg_kind kind, uint32_t call_symbol, uint32_t free_tid);

void builder_save(const struct builder *builder, const char *path);
/* A fresh folder, which is removed with all that is in it. */
const char *test_folder(void);
void remove_test_folder(void);
const char *test_path(const char *name);
/* All of a file, to be freed. */
char *test_read(const char *path);

#endif
