/* Symbol tables, and the hash tables by which the dynamic linker looks them up. */
#include <stdlib.h>
#include <string.h>

#include "manifest/object/object.h"

static const char *import_name(const struct hg_preload_object *object, unsigned import)
{
	if (import >= HG_IMPORT_FORWARDS)
		return object->forwards[import - HG_IMPORT_FORWARDS]->target;
	return import == HG_IMPORT_TRAMPOLINE ? "hg_trampoline" : "hg_register_image";
}

/* After the null symbol and the imports. */
static uint32_t first_export(const struct hg_preload_object *object)
{
	return 1 + object->import_count;
}

static uint32_t bucket_count(const struct hg_preload_object *object)
{
	return object->export_count / 4 | 1;
}

static struct hg_export export_of(const char *name, uint64_t offset, uint32_t size)
{
	return (struct hg_export){name, offset, size, (uint32_t)elf_gnu_hash(name)};
}

/* .gnu.hash wants the symbols of a bucket side by side. The bucket's number is put above the rest of the order so that
 * one comparison of texts decides among equals and every build gives the same bytes. */
struct sortable {
	uint32_t bucket;
	struct hg_export export;
};

static int compare(const void *a, const void *b)
{
	const struct sortable *x = a, *y = b;

	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return strcmp(x->export.name, y->export.name);
}

static void sort_exports(struct hg_preload_object *object)
{
	struct sortable *sorted = hg_allocate(object->export_count, sizeof(*sorted));

	for (uint32_t i = 0; i < object->export_count; i++)
		sorted[i] = (struct sortable){object->exports[i].hash % bucket_count(object), object->exports[i]};
	qsort(sorted, object->export_count, sizeof(*sorted), compare);
	for (uint32_t i = 0; i < object->export_count; i++)
		object->exports[i] = sorted[i].export;
	free(sorted);
}

static void collect_exports(struct hg_preload_object *object)
{
	const struct hg_image *image = object->image;
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);
	const struct hg_machine *machine = object->machine;
	uint64_t stride = object->forwards_offset / (image->slot_count ? image->slot_count : 1);

	object->export_count = image->slot_count + object->forward_count;
	object->exports = hg_allocate(object->export_count, sizeof(*object->exports));
	for (uint32_t i = 0; i < image->slot_count; i++)
		object->exports[i] = export_of(HG_IMAGE_TEXT(image, slots[i].name), i * stride, machine->stub_size);
	for (unsigned i = 0; i < object->forward_count; i++)
		object->exports[image->slot_count + i] =
		    export_of(object->forwards[i]->name, hg_forward_offset(object, i), machine->forward_size);
	sort_exports(object);
}

static Elf64_Sym symbol(uint32_t name, unsigned bind, unsigned type, uint16_t section, uint64_t value, uint64_t size)
{
	return (Elf64_Sym){name, (unsigned char)ELF64_ST_INFO(bind, type), STV_DEFAULT, section, value, size};
}

/* Imports and exports, the same in both symbol tables. */
static void add_globals(const struct hg_preload_object *object, struct hg_texts *texts, Elf64_Sym *symbols)
{
	for (unsigned i = 0; i < object->import_count; i++)
		*symbols++ =
		    symbol(hg_texts_add(texts, import_name(object, i)), STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0, 0);
	for (uint32_t i = 0; i < object->export_count; i++) {
		const struct hg_export *export = &object->exports[i];
		*symbols++ = symbol(hg_texts_add(texts, export->name), STB_GLOBAL, STT_FUNC, HG_SECTION_TEXT,
		                    export->offset, export->size);
	}
}

static void build_dynsym(struct hg_preload_object *object, struct hg_texts *texts)
{
	size_t count = first_export(object) + object->export_count;
	Elf64_Sym *symbols = hg_section_allocate(object, HG_SECTION_DYNSYM, count * sizeof(*symbols));

	add_globals(object, texts, symbols + 1);
	object->sections[HG_SECTION_DYNSYM].info = 1; /* the first that is not local */
}

/* For people: debuggers and profilers show also the names of what is not exported. */
static void build_symtab(struct hg_preload_object *object, struct hg_texts *texts)
{
	const struct hg_machine *machine = object->machine;
	Elf64_Sym locals[] = {
	    {0},
	    symbol(hg_texts_add(texts, "hg_image"), STB_LOCAL, STT_OBJECT, HG_SECTION_DATA, 0, object->image->size),
	    symbol(hg_texts_add(texts, "hg_start"), STB_LOCAL, STT_FUNC, HG_SECTION_TEXT, object->start_offset,
	           machine->start_size),
	    symbol(hg_texts_add(texts, "hg_next_call"), STB_LOCAL, STT_FUNC, HG_SECTION_TEXT, object->thunk_offset,
	           machine->thunk_size),
	};
	size_t local_count = sizeof(locals) / sizeof(*locals);
	size_t count = local_count + object->import_count + object->export_count;
	Elf64_Sym *symbols = hg_section_allocate(object, HG_SECTION_SYMTAB, count * sizeof(*symbols));

	memcpy(symbols, locals, sizeof(locals));
	add_globals(object, texts, symbols + local_count);
	object->sections[HG_SECTION_SYMTAB].info = (uint32_t)local_count;
}

/* The older table, which holds every symbol. */
static void build_hash(struct hg_preload_object *object, const struct hg_texts *texts)
{
	const Elf64_Sym *symbols = object->sections[HG_SECTION_DYNSYM].data;
	uint32_t count = first_export(object) + object->export_count, bucket_total = bucket_count(object);
	uint32_t *words = hg_section_allocate(object, HG_SECTION_HASH, (2 + bucket_total + count) * sizeof(*words));
	uint32_t *buckets = words + 2, *chains = buckets + bucket_total;

	words[0] = bucket_total;
	words[1] = count;
	for (uint32_t i = count; i-- > 1;) {
		uint32_t *bucket = &buckets[elf_hash(texts->bytes + symbols[i].st_name) % bucket_total];
		chains[i] = *bucket;
		*bucket = i;
	}
}

#define BLOOM_SHIFT 6
#define BLOOM_BITS  64

/* Some 12 bits of the filter a symbol. */
static uint32_t bloom_words(const struct hg_preload_object *object)
{
	uint32_t words = 1;

	while (words * BLOOM_BITS < object->export_count * 12)
		words *= 2;
	return words;
}

static void fill_bloom(const struct hg_preload_object *object, uint64_t *bloom, uint32_t words)
{
	for (uint32_t i = 0; i < object->export_count; i++) {
		uint32_t hash = object->exports[i].hash;
		bloom[hash / BLOOM_BITS % words] |=
		    1ull << hash % BLOOM_BITS | 1ull << (hash >> BLOOM_SHIFT) % BLOOM_BITS;
	}
}

static void build_gnu_hash(struct hg_preload_object *object)
{
	uint32_t words = bloom_words(object), bucket_total = bucket_count(object), count = object->export_count;
	size_t size = 16 + words * 8 + (bucket_total + count) * 4;
	uint32_t *header = hg_section_allocate(object, HG_SECTION_GNU_HASH, size);
	uint32_t *buckets = header + 4 + 2 * words, *chain = buckets + bucket_total;

	memcpy(header, (uint32_t[]){bucket_total, first_export(object), words, BLOOM_SHIFT}, 16);
	fill_bloom(object, (uint64_t *)(void *)(header + 4), words);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t hash = object->exports[i].hash, bucket = hash % bucket_total;
		int last = i + 1 == count || object->exports[i + 1].hash % bucket_total != bucket;
		if (!buckets[bucket])
			buckets[bucket] = first_export(object) + i;
		chain[i] = (hash & ~1u) | (uint32_t)last;
	}
}

void hg_symbols_build(struct hg_preload_object *object, struct hg_texts *dynstr, struct hg_texts *strtab)
{
	collect_exports(object);
	build_dynsym(object, dynstr);
	build_hash(object, dynstr);
	build_gnu_hash(object);
	build_symtab(object, strtab);
}

static void place(struct hg_preload_object *object, struct hg_section *table)
{
	Elf64_Sym *symbols = table->data;

	for (size_t i = 0; i < table->size / sizeof(*symbols); i++)
		symbols[i].st_value += symbols[i].st_shndx ? object->sections[symbols[i].st_shndx].address : 0;
}

void hg_symbols_place(struct hg_preload_object *object)
{
	place(object, &object->sections[HG_SECTION_DYNSYM]);
	place(object, &object->sections[HG_SECTION_SYMTAB]);
}
