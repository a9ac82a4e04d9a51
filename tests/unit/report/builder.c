#include "builder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 4096, MOST_PAGES = 55, TEXT_ROOM = 4 * PAGE, MODULE_ROOM = 4 * PAGE, STRIDE = 3392 };

static_assert(STRIDE >= sizeof(struct hg_record_thread) + 8 * BUILDER_COUNTERS && STRIDE % 64 == 0,
              "room for counters");

static void *add_extent(struct builder *builder, enum hg_extent_type type, uint32_t stride, uint64_t size)
{
	struct hg_record_header *header = builder->header;
	uint64_t offset = header->file_size;
	header->extents[header->extent_count++] =
	    (struct hg_record_extent){.type = type, .stride = stride, .offset = offset, .size = size};
	header->file_size += (size + PAGE - 1) / PAGE * PAGE;
	if (header->file_size > builder->size)
		abort();
	return (char *)builder->words + offset;
}

struct builder *builder_new(void)
{
	struct builder *builder = calloc(1, sizeof *builder);
	builder->size = MOST_PAGES * PAGE;
	builder->words = calloc(1, builder->size);
	struct hg_record_header *header = builder->header = (void *)builder->words;
	memcpy(header->magic, HG_RECORD_MAGIC, sizeof header->magic);
	header->version = HG_RECORD_VERSION;
	header->byte_order = HG_RECORD_BYTE_ORDER;
	header->word_size = 8;
	header->header_size = sizeof *header;
	header->file_size = PAGE;
	header->start_ticks = header->latest_ticks = 1000000;
	header->start_monotonic_ns = header->latest_monotonic_ns = 5000000;
	header->class_counters = BUILDER_CLASS_COUNTERS;
	builder->strings = add_extent(builder, HG_EXTENT_STRINGS, 1, TEXT_ROOM);
	builder_extent(builder, HG_EXTENT_STRINGS)->used = 1;
	builder->classes = add_extent(builder, HG_EXTENT_CLASSES, sizeof *builder->classes, PAGE);
	builder->symbols = add_extent(builder, HG_EXTENT_SYMBOLS, sizeof *builder->symbols, PAGE);
	builder->modules = add_extent(builder, HG_EXTENT_MODULES, sizeof *builder->modules, MODULE_ROOM);
	builder->totals = add_extent(builder, HG_EXTENT_TOTALS, 8, PAGE);
	builder->labels = add_extent(builder, HG_EXTENT_LABELS, sizeof *builder->labels, PAGE);
	builder->sites = add_extent(builder, HG_EXTENT_SITES, sizeof *builder->sites, PAGE);
	builder->told = add_extent(builder, HG_EXTENT_TOLD, sizeof *builder->told, PAGE);
	builder->named = add_extent(builder, HG_EXTENT_NAMED, sizeof *builder->named, PAGE);
	builder->reached = add_extent(builder, HG_EXTENT_REACHED, sizeof *builder->reached, PAGE);
	builder->manifests = add_extent(builder, HG_EXTENT_MANIFESTS, sizeof *builder->manifests, PAGE);
	builder->unnamed = add_extent(builder, HG_EXTENT_UNNAMED, sizeof *builder->unnamed, PAGE);
	builder->ring = add_extent(builder, HG_EXTENT_FINDINGS, 1, BUILDER_RING);
	builder->threads = add_extent(builder, HG_EXTENT_THREADS, STRIDE, (uint64_t)STRIDE * BUILDER_THREADS);
	builder->size = header->file_size;
	return builder;
}

void builder_label(struct builder *builder, uint64_t ticks, uint32_t tid, const char *text)
{
	struct hg_record_extent *extent = builder_extent(builder, HG_EXTENT_LABELS);
	builder->labels[extent->used++] =
	    (struct hg_record_label){.ticks = ticks, .tid = tid, .text = *text ? builder_text(builder, text) : 0};
}

struct hg_record_live *builder_live(struct builder *builder)
{
	builder->size = MOST_PAGES * PAGE;
	struct hg_record_live *live = add_extent(builder, HG_EXTENT_LIVE, sizeof *live, PAGE);
	builder->size = builder->header->file_size;
	return live;
}

void builder_drop(struct builder *builder)
{
	free(builder->words);
	free(builder);
}

struct hg_record_extent *builder_extent(struct builder *builder, enum hg_extent_type type)
{
	for (uint32_t i = 0; i < builder->header->extent_count; i++)
		if (builder->header->extents[i].type == type)
			return &builder->header->extents[i];
	abort();
}

uint32_t builder_text(struct builder *builder, const char *text)
{
	struct hg_record_extent *extent = builder_extent(builder, HG_EXTENT_STRINGS);
	size_t length = strlen(text) + 1;
	uint32_t offset = (uint32_t)extent->used;
	if (length > extent->size - offset)
		abort();
	memcpy(builder->strings + offset, text, length);
	extent->used += length;
	return offset;
}

uint32_t builder_class(struct builder *builder, const char *name)
{
	uint32_t index = (uint32_t)builder_extent(builder, HG_EXTENT_CLASSES)->used++;
	builder->classes[index] = (struct hg_record_class){.name = builder_text(builder, name),
	                                                   .deadline_ns = 5000000000,
	                                                   .manifest = builder_text(builder, "example")};
	return index;
}

uint32_t builder_symbol(struct builder *builder, const char *name, uint32_t class_index, uint32_t roles,
                        enum hg_symbol_state state)
{
	uint32_t index = (uint32_t)builder_extent(builder, HG_EXTENT_SYMBOLS)->used++;
	builder->symbols[index] = (struct hg_record_symbol){
	    .state = state,
	    .name = builder_text(builder, name),
	    .class_index = class_index,
	    .roles = roles,
	    .slot = 0x700000 + 0x100 * index,
	    .library = state == HG_SYMBOL_BOUND ? builder_text(builder, "/usr/lib/libexample.so") : 0,
	    .manifest = builder_text(builder, "example"),
	};
	return index;
}

uint32_t builder_told(struct builder *builder, const char *function, const char *file, uint32_t line, uint32_t flags)
{
	uint32_t index = (uint32_t)builder_extent(builder, HG_EXTENT_TOLD)->used++;
	builder->told[index] = (struct hg_record_told){.function = builder_text(builder, function),
	                                               .file = builder_text(builder, file),
	                                               .line = line,
	                                               .flags = flags};
	return index;
}

struct hg_record_named *builder_named(struct builder *builder, uint64_t pc, uint32_t module, const char *function,
                                      uint32_t line)
{
	struct hg_record_named *named = &builder->named[builder_extent(builder, HG_EXTENT_NAMED)->used++];
	*named = (struct hg_record_named){.pc = pc,
	                                  .module = module,
	                                  .function = builder_text(builder, function),
	                                  .file = builder_text(builder, "/src/kept.c"),
	                                  .line = line,
	                                  .language = builder_text(builder, "c")};
	return named;
}

struct hg_record_reached *builder_reached(struct builder *builder, uint32_t symbol, const char *reach,
                                          const char *object)
{
	struct hg_record_reached *reached = &builder->reached[builder_extent(builder, HG_EXTENT_REACHED)->used++];
	*reached = (struct hg_record_reached){
	    .symbol = symbol, .reach = builder_text(builder, reach), .object = builder_text(builder, object)};
	return reached;
}

struct hg_record_manifest *builder_manifest(struct builder *builder, const char *name, uint64_t hash)
{
	struct hg_record_manifest *manifest = &builder->manifests[builder_extent(builder, HG_EXTENT_MANIFESTS)->used++];
	*manifest = (struct hg_record_manifest){.name = builder_text(builder, name), .hash = hash, .state = 1};
	return manifest;
}

struct hg_record_unnamed *builder_unnamed(struct builder *builder, const char *manifest, const char *function)
{
	struct hg_record_unnamed *unnamed = &builder->unnamed[builder_extent(builder, HG_EXTENT_UNNAMED)->used++];
	*unnamed = (struct hg_record_unnamed){.manifest = builder_text(builder, manifest),
	                                      .function = builder_text(builder, function)};
	return unnamed;
}

struct hg_record_module *builder_module(struct builder *builder, const char *path, uint64_t bias, uint64_t low,
                                        uint64_t high)
{
	struct hg_record_module *module = &builder->modules[builder_extent(builder, HG_EXTENT_MODULES)->used++];
	*module = (struct hg_record_module){
	    .state = 1, .path = builder_text(builder, path), .load_bias = bias, .low = low, .high = high};
	return module;
}

struct hg_record_thread *builder_thread(struct builder *builder, uint32_t tid, const char *name)
{
	for (int i = 0; i < BUILDER_THREADS; i++) {
		struct hg_record_thread *thread = (void *)(builder->threads + (size_t)i * STRIDE);
		if (thread->state != HG_THREAD_UNUSED)
			continue;
		thread->state = HG_THREAD_LIVE;
		thread->tid = tid;
		thread->serial = (uint64_t)i + 1;
		snprintf(thread->name, sizeof thread->name, "%s", name);
		return thread;
	}
	abort();
}

struct hg_record_site *builder_site(struct builder *builder, enum hg_kind kind, uint32_t class_index, uint32_t symbol,
                                    uint32_t other_symbol, uint64_t count)
{
	for (uint64_t i = 0; i < PAGE / sizeof *builder->sites; i++) {
		struct hg_record_site *site = &builder->sites[i];
		if (site->key != 0)
			continue;
		*site = (struct hg_record_site){.key = i + 1,
		                                .kind = (uint16_t)kind,
		                                .class_index = class_index,
		                                .symbol = symbol,
		                                .other_symbol = other_symbol,
		                                .count = count,
		                                .first_ticks = builder->header->start_ticks,
		                                .last_ticks = builder->header->start_ticks};
		return site;
	}
	abort();
}

void draft_begin(struct draft *draft, enum hg_kind kind, uint32_t class_index, uint64_t value)
{
	memset(draft->bytes, 0, sizeof draft->bytes);
	draft->head = (void *)draft->bytes;
	*draft->head = (struct hg_record_finding){.magic = HG_FINDING_MAGIC,
	                                          .length = sizeof *draft->head,
	                                          .kind = kind,
	                                          .class_index = class_index,
	                                          .generation = 1,
	                                          .value = value,
	                                          .site = UINT32_MAX};
}

struct hg_record_party *draft_party(struct draft *draft, enum hg_party_role role, uint32_t tid, uint32_t symbol,
                                    const uint64_t *pcs, uint32_t depth)
{
	struct hg_record_party *party = (void *)(draft->bytes + draft->head->length);
	*party = (struct hg_record_party){.role = role, .tid = tid, .symbol = symbol, .depth = depth};
	if (depth > 0)
		memcpy(party + 1, pcs, depth * sizeof *pcs);
	draft->head->length += (uint32_t)(sizeof *party + depth * sizeof *pcs);
	draft->head->party_count++;
	return party;
}

void draft_told(struct draft *draft, struct hg_record_party *party, const uint32_t *told, uint32_t count)
{
	uint64_t before = hg_party_frames_size(party);
	party->told = count;
	memcpy((char *)(party + 1) + before, told, count * sizeof *told);
	draft->head->length += (uint32_t)(hg_party_frames_size(party) - before);
}

static uint64_t reserve(struct builder *builder, uint64_t length)
{
	uint64_t *head = &builder->header->ring_head;
	uint64_t left = BUILDER_RING - *head % BUILDER_RING;
	uint64_t position = length > left ? *head + left : *head;
	*head = position + length;
	return position;
}

void builder_reserve(struct builder *builder, uint64_t length)
{
	reserve(builder, length);
}

struct hg_record_finding *builder_finding_at(struct builder *builder, uint64_t position)
{
	return (void *)(builder->ring + position % BUILDER_RING);
}

uint64_t builder_write_finding(struct builder *builder, struct draft *draft)
{
	struct hg_record_finding *head = draft->head;
	head->length = (head->length + HG_FINDING_ALIGN - 1) & ~(HG_FINDING_ALIGN - 1);
	head->position = reserve(builder, head->length);
	head->sequence = ++builder->header->ring_sequence;
	head->checksum = hg_finding_checksum(head);
	memcpy(builder_finding_at(builder, head->position), draft->bytes, head->length);
	return head->position;
}

/* ---- An example ---- */

struct builder *builder_example(void)
{
	struct builder *builder = builder_new();
	struct hg_record_header *header = builder->header;
	strcpy(header->executable, "/usr/bin/example");
	header->command_length = sizeof "example\0--loud";
	memcpy(header->command, "example\0--loud", header->command_length);
	header->pid = 1234;
	header->parent_pid = 1000;
	header->process_start = 1;
	header->deadline_ns = 5000000000;
	header->clean_exit = 1;
	header->latest_ticks = header->start_ticks + 2000000;
	header->latest_monotonic_ns = header->start_monotonic_ns + 1000000000;
	uint32_t class = builder_class(builder, "stream");
	uint32_t open = builder_symbol(builder, "net_open", class, HG_ROLE_CREATE, HG_SYMBOL_BOUND);
	uint32_t recv = builder_symbol(builder, "net_recv", class, HG_ROLE_OP, HG_SYMBOL_BOUND);
	uint32_t close = builder_symbol(builder, "net_free", class, HG_ROLE_FREE, HG_SYMBOL_BOUND);
	builder_symbol(builder, "net_send", class, HG_ROLE_OP, HG_SYMBOL_BOUND);
	builder_symbol(builder, "net_poll", class, HG_ROLE_OP, HG_SYMBOL_NAMED);
	builder_symbol(builder, "net_old", class, HG_ROLE_OP, HG_SYMBOL_MISSING);
	struct hg_record_thread *reader = builder_thread(builder, 1235, "reader");
	builder_module(builder, "/nowhere/example", 0x400000, 0x400000, 0x500000);
	reader->counters[open] = 1;
	reader->counters[recv] = 1234567;
	builder->totals[close] = 1;
	builder->totals[BUILDER_CLASS_COUNTERS + HG_CLASS_CREATED] = 1;
	builder->totals[BUILDER_CLASS_COUNTERS + HG_CLASS_FREED] = 1;
	struct hg_record_site *site = builder_site(builder, HG_KIND_LATE_FREE, class, close, recv, 3);
	site->call_pc = 0x400100;
	site->other_pc = 0x400200;
	site->first_ticks = header->start_ticks + 200000;
	site->last_ticks = header->start_ticks + 1000000;
	struct draft draft;
	draft_begin(&draft, HG_KIND_LATE_FREE, class, 0x5555);
	draft.head->site = 0;
	draft.head->ticks = site->first_ticks;
	draft.head->outcome = hg_outcome_closed(&(struct hg_finding_outcome){.drain_ticks = 24600});
	draft.head->deadline_ns = 5000000000;
	struct hg_record_party *party =
	    draft_party(&draft, HG_PARTY_CALL, 1236, close, (uint64_t[]){0x400100, 0x400180}, 2);
	party->ticks = site->first_ticks;
	strcpy(party->thread_name, "watcher");
	party = draft_party(&draft, HG_PARTY_IN_FLIGHT, 1235, recv, (uint64_t[]){0x400200}, 1);
	strcpy(party->thread_name, "reader");
	party = draft_party(&draft, HG_PARTY_CREATE, 1234, open, (uint64_t[]){0x400300}, 1);
	party->ticks = header->start_ticks + 2;
	builder_write_finding(builder, &draft);
	return builder;
}

struct builder *builder_told_example(void)
{
	struct builder *builder = builder_new();
	struct draft draft;
	uint32_t class = builder_class(builder, "stream");
	uint32_t recv = builder_symbol(builder, "net_recv", class, HG_ROLE_OP, HG_SYMBOL_BOUND);
	uint32_t close = builder_symbol(builder, "net_free", class, HG_ROLE_FREE, HG_SYMBOL_BOUND);
	uint32_t inlined = HG_LANGUAGE_GO | HG_TOLD_INLINED;
	uint32_t told[] = {builder_told(builder, "net.(*Stream).Close", "/mod/net/stream.go", 12, inlined),
	                   builder_told(builder, "main.stop", "/src/main.go", 34, HG_LANGUAGE_GO),
	                   builder_told(builder, "main.read", "/src/main.go", 56, HG_LANGUAGE_GO)};
	builder_thread(builder, 1235, "reader")->counters[recv] = 1;
	draft_begin(&draft, HG_KIND_LATE_FREE, class, 0x5555);
	struct hg_record_party *party =
	    draft_party(&draft, HG_PARTY_CALL, 1236, close, (uint64_t[]){0x400100, 0x400180}, 2);
	draft_told(&draft, party, told, 2);
	party = draft_party(&draft, HG_PARTY_IN_FLIGHT, 1235, recv, (uint64_t[]){0x400200}, 1);
	draft_told(&draft, party, told + 2, 1);
	builder_write_finding(builder, &draft);
	return builder;
}

/* ---- Files ---- */

struct builder *builder_of_kind(enum hg_kind kind, uint32_t call_symbol, uint32_t free_tid)
{
	struct builder *builder = builder_example();
	struct draft draft;
	builder->sites[0].key = 0;
	memset(builder->ring, 0, BUILDER_RING);
	builder->header->ring_head = 0;
	draft_begin(&draft, kind, 0, 0x99);
	draft.head->ticks = builder->header->start_ticks + 2000000;
	struct hg_record_party *party = draft_party(&draft, HG_PARTY_CALL, 1, call_symbol, (uint64_t[]){0x400100}, 1);
	party->ticks = draft.head->ticks;
	if (free_tid != 0) {
		party = draft_party(&draft, HG_PARTY_FREE, free_tid, 2, (uint64_t[]){0x400120}, 1);
		party->ticks = builder->header->start_ticks + 1000000;
	}
	party = draft_party(&draft, HG_PARTY_IN_FLIGHT, 1, 1, (uint64_t[]){0x400130}, 1);
	party->flags = HG_PARTY_STACK_GONE;
	builder_write_finding(builder, &draft);
	return builder;
}

void builder_save(const struct builder *builder, const char *path)
{
	FILE *file = fopen(path, "we");
	if (file == NULL || fwrite(builder->words, builder->size, 1, file) != 1 || fclose(file) != 0)
		abort();
}

static char folder[64];

const char *test_folder(void)
{
	strcpy(folder, "/tmp/hgreport-XXXXXX");
	if (mkdtemp(folder) == NULL)
		abort();
	return folder;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

void remove_test_folder(void)
{
	nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *test_path(const char *name)
{
	static char paths[8][256];
	static unsigned int next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

char *test_read(const char *path)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = fopen(path, "re");
	if (file == NULL || getdelim(&text, &length, 0, file) < 0) {
		free(text);
		text = strdup("");
	}
	if (file != NULL)
		fclose(file);
	return text;
}
