#include "manifest/object/preload_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "format/record.h"
#include "manifest/model/value.h"
#include "manifest/object/elf_machine.h"

#define SLOT_ALIGNMENT 64

/* An image while it is filled: where the next entry of each table goes. */
struct filling {
	const struct hg_manifest *manifest;
	const struct hg_machine *machine;
	struct hg_image header;
	struct hg_texts texts;
	const struct hg_manifest_function **functions; /* sorted by name */
	char *image;                                   /* the texts follow when they are known */
	uint32_t use, make, zero, none, wake;
};

static int compare_functions(const void *a, const void *b)
{
	const struct hg_manifest_function *x = *(const struct hg_manifest_function *const *)a;
	const struct hg_manifest_function *y = *(const struct hg_manifest_function *const *)b;

	return strcmp(x->name, y->name);
}

static void sort_functions(struct filling *filling)
{
	const struct hg_manifest *manifest = filling->manifest;

	filling->functions = hg_allocate(manifest->function_count, sizeof(*filling->functions));
	for (size_t i = 0; i < manifest->function_count; i++)
		filling->functions[i] = &manifest->functions[i];
	qsort(filling->functions, manifest->function_count, sizeof(*filling->functions), compare_functions);
}

static void count_entries(struct filling *filling)
{
	const struct hg_manifest *manifest = filling->manifest;
	struct hg_image *header = &filling->header;

	header->class_count = (uint32_t)manifest->class_count;
	header->slot_count = (uint32_t)manifest->function_count;
	header->library_count = (uint32_t)manifest->library_count;
	header->mean_count = (uint32_t)manifest->mean_count;
	header->table_count = (uint32_t)manifest->table_count;
	for (size_t i = 0; i < manifest->table_count; i++)
		header->entry_count += (uint32_t)manifest->tables[i].entry_count;
	for (size_t i = 0; i < manifest->class_count; i++) {
		header->none_count += (uint32_t)manifest->classes[i].none_count;
		header->wake_count += manifest->classes[i].wake.wanted;
		header->exit_count += (manifest->classes[i].flags & HG_CLASS_ENDS_AT_EXIT) != 0;
	}
	header->use_count = header->exit_count;
	for (size_t i = 0; i < manifest->function_count; i++) {
		header->use_count += (uint32_t)manifest->functions[i].use_count;
		header->make_count += (uint32_t)manifest->functions[i].make_count;
		header->zero_count += (uint32_t)manifest->functions[i].zero_count;
	}
}

/* The place of a table, and the next one's. */
static uint32_t table(uint32_t *next, uint32_t count, size_t size)
{
	uint32_t place = *next;

	*next += (uint32_t)((count * size + 7) & ~(size_t)7);
	return place;
}

static void lay_out(struct filling *filling)
{
	struct hg_image *header = &filling->header;
	uint32_t next = (sizeof(*header) + SLOT_ALIGNMENT - 1) / SLOT_ALIGNMENT * SLOT_ALIGNMENT;

	header->slots = table(&next, header->slot_count + header->exit_count, sizeof(struct hg_slot));
	header->hashes = table(&next, header->slot_count, sizeof(uint32_t));
	header->classes = table(&next, header->class_count, sizeof(struct hg_image_class));
	header->uses = table(&next, header->use_count, sizeof(struct hg_image_use));
	header->makes = table(&next, header->make_count, sizeof(struct hg_image_make));
	header->zeros = table(&next, header->zero_count, sizeof(struct hg_image_zero));
	header->nones = table(&next, header->none_count, sizeof(int64_t));
	header->wakes = table(&next, header->wake_count, sizeof(struct hg_image_wake));
	header->libraries = table(&next, header->library_count, sizeof(uint32_t));
	header->means = table(&next, header->mean_count, sizeof(struct hg_image_means));
	header->tables = table(&next, header->table_count, sizeof(struct hg_image_table));
	header->entries = table(&next, header->entry_count, sizeof(struct hg_image_entry));
	header->texts = next;
	filling->image = hg_allocate(1, next);
}

/* The number of a function among those that are sorted by name. */
static uint32_t slot_of(const struct filling *filling, size_t function)
{
	uint32_t slot = 0;

	while (filling->functions[slot] != &filling->manifest->functions[function])
		slot++;
	return slot;
}

/* What a class says of how its ops are woken: its number plus one. */
static uint32_t fill_wake(struct filling *filling, const struct hg_manifest_wake *wake)
{
	struct hg_image_wake *wakes = HG_IMAGE_AT(filling->image, filling->header.wakes, struct hg_image_wake);

	if (!wake->wanted)
		return 0;
	wakes[filling->wake] =
	    (struct hg_image_wake){slot_of(filling, wake->function), wake->argument_count, {{0, 0, 0}}};
	memcpy(wakes[filling->wake].arguments, wake->arguments, sizeof(wake->arguments));
	return ++filling->wake;
}

static void fill_classes(struct filling *filling)
{
	struct hg_image_class *classes = HG_IMAGE_AT(filling->image, filling->header.classes, struct hg_image_class);
	int64_t *nones = HG_IMAGE_AT(filling->image, filling->header.nones, int64_t);

	for (size_t i = 0; i < filling->manifest->class_count; i++) {
		const struct hg_manifest_class *class = &filling->manifest->classes[i];
		classes[i] = (struct hg_image_class){
		    .name = hg_texts_add(&filling->texts, class->name),
		    .flags = class->flags,
		    .type = class->type,
		    .drain = class->drain,
		    .after_deadline = class->after_deadline,
		    .deadline_ms = class->deadline_ms,
		    .limit = class->limit,
		    .wake = fill_wake(filling, &class->wake),
		    .first_none = filling->none,
		    .none_count = (uint32_t) class->none_count,
		};
		for (size_t j = 0; j < class->none_count; j++)
			nones[filling->none++] = class->nones[j];
	}
}

static void fill_libraries(struct filling *filling)
{
	uint32_t *libraries = HG_IMAGE_AT(filling->image, filling->header.libraries, uint32_t);

	for (size_t i = 0; i < filling->manifest->library_count; i++)
		libraries[i] = hg_texts_add(&filling->texts, filling->manifest->libraries[i]);
}

/* Single arguments are left out: their functions are guarded. */
static uint32_t unguarded_text(struct filling *filling)
{
	char *names = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&names, &length);

	if (!list)
		abort();
	for (size_t i = 0; i < filling->manifest->unguarded_count; i++)
		if (!strchr(filling->manifest->unguarded[i].name, '.'))
			fprintf(list, "%s%s", ftell(list) > 0 ? " " : "", filling->manifest->unguarded[i].name);
	fclose(list);
	uint32_t text = hg_texts_add(&filling->texts, names);
	free(names);
	return text;
}

static void fill_means(struct filling *filling)
{
	struct hg_image_means *means = HG_IMAGE_AT(filling->image, filling->header.means, struct hg_image_means);

	for (size_t i = 0; i < filling->manifest->mean_count; i++)
		means[i] = filling->manifest->means[i];
}

static void fill_places(struct filling *filling, const struct hg_manifest_function *function)
{
	struct hg_image_use *uses = HG_IMAGE_AT(filling->image, filling->header.uses, struct hg_image_use);
	struct hg_image_make *makes = HG_IMAGE_AT(filling->image, filling->header.makes, struct hg_image_make);
	struct hg_image_zero *zeros = HG_IMAGE_AT(filling->image, filling->header.zeros, struct hg_image_zero);
	uint8_t shift = function->sret && filling->machine->result_address_is_argument;

	for (size_t i = 0; i < function->use_count; i++) {
		uses[filling->use] = function->uses[i];
		uses[filling->use].count += uses[filling->use].stride && !uses[filling->use].fixed ? shift : 0;
		uses[filling->use].choice.argument += uses[filling->use].choice.argument ? shift : 0;
		uses[filling->use].place += uses[filling->use].place ? shift : 0;
		uses[filling->use++].argument += shift;
	}
	for (size_t i = 0; i < function->make_count; i++) {
		struct hg_image_make *make = &makes[filling->make++];
		*make = function->makes[i];
		make->place.argument += make->from_return ? 0 : shift;
		make->place.count += make->place.stride && !make->place.fixed ? shift : 0;
		make->parent_argument += make->parent_class == HG_NONE ? 0 : shift;
		make->choice.argument += make->choice.argument ? shift : 0;
	}
	for (size_t i = 0; i < function->zero_count; i++) {
		struct hg_image_zero *zero = &zeros[filling->zero++];
		*zero = function->zeros[i];
		zero->count += zero->counted ? shift : 0;
		if (zero->argument != HG_ZERO_RESULT)
			zero->argument += shift;
		else if (shift)
			zero->argument = 0;
	}
}

static uint32_t roles_of(const struct hg_manifest_function *function)
{
	static const uint32_t roles_of_uses[] = {
	    [HG_USE_OP] = HG_ROLE_OP,
	    [HG_USE_FREES] = HG_ROLE_FREE,
	    [HG_USE_ENDS_LATER] = HG_ROLE_FREE,
	    [HG_USE_ACQUIRES] = HG_ROLE_ACQUIRE,
	    [HG_USE_RELEASES] = HG_ROLE_RELEASE,
	};
	uint32_t roles = function->make_count ? HG_ROLE_CREATE : 0;

	for (size_t i = 0; i < function->use_count; i++)
		roles |= roles_of_uses[function->uses[i].frees];
	return roles;
}

static uint32_t flags_of(const struct hg_manifest_function *function)
{
	return (function->optional || function->since ? HG_SYMBOL_OPTIONAL : 0u) |
	       (function->in_table ? HG_SYMBOL_IN_TABLE : 0u);
}

static uint64_t mask_of(const struct filling *filling, const struct hg_manifest_function *function)
{
	const struct hg_image_use *use = function->uses;

	if (!function->use_count || use->indirect)
		return UINT64_MAX;
	return hg_type_mask(filling->manifest->classes[use->class_index].type);
}

static void fill_slot(struct filling *filling, const struct hg_manifest_function *function, struct hg_slot *slot)
{
	*slot = (struct hg_slot){
	    .mask = mask_of(filling, function),
	    .stack_bytes = function->stack_bytes,
	    .image = (uint32_t)((char *)slot - filling->image),
	    .name = hg_texts_add(&filling->texts, function->name),
	    .roles = roles_of(function),
	    .first_use = filling->use,
	    .use_count = (uint32_t)function->use_count,
	    .first_make = filling->make,
	    .make_count = (uint32_t)function->make_count,
	    .first_zero = filling->zero,
	    .zero_count = (uint32_t)function->zero_count,
	    .returns = function->returns,
	    .reject = function->reject,
	    .freed = function->freed,
	    .deferred = function->deferred,
	    .flags = flags_of(function),
	};
	if (function->throws)
		slot->throws = hg_texts_add(&filling->texts, function->throws);
	if (function->reject_text)
		slot->reject.value = hg_texts_add(&filling->texts, function->reject_text);
	fill_places(filling, function);
}

/* Once the slots are filled. */
static void fill_tables(struct filling *filling)
{
	struct hg_image *header = &filling->header;
	struct hg_image_table *tables = HG_IMAGE_AT(filling->image, header->tables, struct hg_image_table);
	struct hg_image_entry *entries = HG_IMAGE_AT(filling->image, header->entries, struct hg_image_entry);
	struct hg_slot *slots = HG_IMAGE_AT(filling->image, header->slots, struct hg_slot);
	uint32_t next = 0;

	for (size_t i = 0; i < filling->manifest->table_count; i++) {
		const struct hg_manifest_table *table = &filling->manifest->tables[i];
		uint8_t shift = filling->manifest->functions[table->from].sret && table->place != HG_TABLE_RESULT &&
		                filling->machine->result_address_is_argument;
		tables[i] = (struct hg_image_table){.from = slot_of(filling, table->from),
		                                    .place = (uint8_t)table->place,
		                                    .argument = table->argument + shift,
		                                    .first_entry = next,
		                                    .entry_count = (uint32_t)table->entry_count};
		slots[tables[i].from].roles |= HG_ROLE_TABLE;
		for (size_t j = 0; j < table->entry_count; j++)
			entries[next++] = (struct hg_image_entry){table->entries[j].number,
			                                          slot_of(filling, table->entries[j].function)};
	}
}

/* As if each handler at exit of the library were a function that frees them all. */
static void fill_exits(struct filling *filling)
{
	struct hg_slot *slot = HG_IMAGE_AT(filling->image, filling->header.slots, struct hg_slot);
	struct hg_image_use *uses = HG_IMAGE_AT(filling->image, filling->header.uses, struct hg_image_use);

	slot += filling->header.slot_count;
	for (uint32_t i = 0; i < filling->manifest->class_count; i++) {
		if (!(filling->manifest->classes[i].flags & HG_CLASS_ENDS_AT_EXIT))
			continue;
		uses[filling->use] = (struct hg_image_use){
		    .class_index = i, .frees = HG_USE_FREES, .all = HG_ALL, .ways = HG_USE_AT_EXIT};
		*slot = (struct hg_slot){.mask = UINT64_MAX,
		                         .image = (uint32_t)((char *)slot - filling->image),
		                         .name = hg_texts_add(&filling->texts, "exit_handler"),
		                         .roles = HG_ROLE_FREE | HG_ROLE_AT_EXIT,
		                         .first_use = filling->use++,
		                         .use_count = 1,
		                         .returns = HG_TYPE_VOID,
		                         .binding = HG_BINDING_OWN};
		slot++;
	}
}

/* Once the uses are filled: what is asked of a call again and again. */
static void fill_ways(struct filling *filling)
{
	struct hg_slot *slots = HG_IMAGE_AT(filling->image, filling->header.slots, struct hg_slot);
	const struct hg_image_use *uses = HG_IMAGE_AT(filling->image, filling->header.uses, struct hg_image_use);

	for (uint32_t i = 0; i < filling->header.slot_count + filling->header.exit_count; i++)
		for (uint32_t j = 0; j < slots[i].use_count; j++)
			slots[i].ways |= uses[slots[i].first_use + j].ways;
}

/* Texts last: only now is it known how long they are. */
static struct hg_image *finish(struct filling *filling)
{
	struct hg_image *header = &filling->header;

	header->magic = HG_IMAGE_MAGIC;
	header->version = HG_IMAGE_VERSION;
	header->machine = filling->machine->elf_machine;
	header->text_size = (uint32_t)filling->texts.size;
	header->size = header->texts + header->text_size;
	char *image = hg_allocate(1, header->size);
	memcpy(image, filling->image, header->texts);
	memcpy(image, header, sizeof(*header));
	memcpy(image + header->texts, filling->texts.bytes, header->text_size);
	free(filling->image);
	free(filling->texts.bytes);
	free(filling->functions);
	return (struct hg_image *)image;
}

struct hg_image *hg_manifest_image(const struct hg_manifest *manifest, uint16_t machine)
{
	struct filling filling = {.manifest = manifest, .machine = hg_machine_find(machine)};

	count_entries(&filling);
	lay_out(&filling);
	sort_functions(&filling);
	filling.header.name = hg_texts_add(&filling.texts, manifest->name);
	filling.header.hash = manifest->hash;
	filling.header.unguarded = unguarded_text(&filling);
	fill_classes(&filling);
	fill_libraries(&filling);
	fill_means(&filling);
	for (uint32_t i = 0; i < filling.header.slot_count; i++) {
		struct hg_slot *slots = HG_IMAGE_AT(filling.image, filling.header.slots, struct hg_slot);
		fill_slot(&filling, filling.functions[i], &slots[i]);
		HG_IMAGE_AT(filling.image, filling.header.hashes, uint32_t)
		[i] = hg_name_hash(filling.functions[i]->name);
	}
	fill_tables(&filling);
	fill_exits(&filling);
	fill_ways(&filling);
	return finish(&filling);
}
