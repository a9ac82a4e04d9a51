#include "sides/object_parts.h"

#include <string.h>

#include "sides/names.h"

const char *hg_symbol_name(const struct hg_symbols *symbols, size_t number)
{
	uint32_t at = symbols->list[number].st_name;
	/* The last byte of all is known to be a NUL. */
	return at < symbols->name_bytes && symbols->names[at] ? symbols->names + at : NULL;
}

static unsigned type_of(const Elf64_Sym *symbol)
{
	return ELF64_ST_TYPE(symbol->st_info);
}

static bool is_part(const Elf64_Sym *symbol)
{
	unsigned type = type_of(symbol);
	return (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_OBJECT) && symbol->st_size &&
	       symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < SHN_LORESERVE &&
	       symbol->st_value + symbol->st_size > symbol->st_value;
}

size_t hg_parts_most(const struct hg_symbols *symbols)
{
	size_t count = 0;
	for (size_t i = 0; i < symbols->count; i++)
		count += is_part(&symbols->list[i]);
	return count;
}

/* --- sorting: no libc, and any number of them --- */

static bool comes_before(const struct hg_part *one, const struct hg_part *other)
{
	if (one->low != other->low)
		return one->low < other->low;
	/* Of several names of one place the exported is kept, which is the one that others know. */
	return (one->flags & HG_PART_LOCAL) < (other->flags & HG_PART_LOCAL);
}

static void sink(struct hg_part *parts, size_t at, size_t count)
{
	struct hg_part part = parts[at];
	for (size_t child = 2 * at + 1; child < count; at = child, child = 2 * at + 1) {
		if (child + 1 < count && comes_before(&parts[child], &parts[child + 1]))
			child++;
		if (!comes_before(&part, &parts[child]))
			break;
		parts[at] = parts[child];
	}
	parts[at] = part;
}

static void sort_heap(struct hg_part *parts, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sink(parts, i, count);
	for (size_t end = count; end-- > 1;) {
		struct hg_part last = parts[0];
		parts[0] = parts[end];
		parts[end] = last;
		sink(parts, 0, end);
	}
}

static void sort_few(struct hg_part *parts, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct hg_part part = parts[i];
		size_t at = i;
		for (; at > 0 && comes_before(&part, &parts[at - 1]); at--)
			parts[at] = parts[at - 1];
		parts[at] = part;
	}
}

static void swap(struct hg_part *one, struct hg_part *other)
{
	struct hg_part part = *one;
	*one = *other;
	*other = part;
}

/* What comes before the middle one goes before what comes after it. Returns how many do. */
static size_t split(struct hg_part *parts, size_t count)
{
	struct hg_part middle = parts[(count - 1) / 2];
	size_t low = 0, high = count - 1;
	for (;; low++, high--) {
		while (comes_before(&parts[low], &middle))
			low++;
		while (comes_before(&middle, &parts[high]))
			high--;
		if (low >= high)
			return high + 1;
		swap(&parts[low], &parts[high]);
	}
}

/* They come nearly sorted as a rule. Where splitting leads to nothing a heap takes longer, and never too long. */
static void sort(struct hg_part *parts, size_t count, unsigned splits)
{
	enum { FEW = 8 }; /* no limit: how many are sorted one by one */
	while (count > FEW && splits) {
		size_t before = split(parts, count), behind = count - before;
		splits--;
		sort(before < behind ? parts : parts + before, before < behind ? before : behind, splits);
		parts = before < behind ? parts + before : parts;
		count = before < behind ? behind : before;
	}
	if (count > FEW)
		sort_heap(parts, count);
	else
		sort_few(parts, count);
}

/* --- units --- */

/* What is local to a unit and lies where the unit's code does: compilers put what is hardly run elsewhere. */
static bool is_anchor(const struct hg_part *part)
{
	return (part->flags & HG_PART_LOCAL) && (part->flags & HG_PART_CODE) && !hg_is_split_off(part->name);
}

/* What is global lies in a unit if that unit's own parts are the nearest on both sides. */
static void place_globals(struct hg_part *parts, size_t count)
{
	uint32_t before = 0;
	for (size_t i = 0, after = 0; i < count; i++) {
		if (is_anchor(&parts[i]))
			before = parts[i].unit;
		if (parts[i].flags & HG_PART_LOCAL || !(parts[i].flags & HG_PART_CODE))
			continue;
		for (after = after > i ? after : i; after < count && !is_anchor(&parts[after]);)
			after++;
		parts[i].unit = after < count && parts[after].unit == before ? before : 0;
	}
}

static size_t drop_aliases(struct hg_part *parts, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (!kept || parts[kept - 1].low != parts[i].low)
			parts[kept++] = parts[i];
		else if (!parts[kept - 1].unit)
			parts[kept - 1].unit = parts[i].unit;
	return kept;
}

size_t hg_parts_list(const struct hg_symbols *symbols, struct hg_part *parts, uint32_t *units)
{
	size_t count = 0;
	uint32_t unit = 0;
	*units = 0;
	for (size_t i = 0; i < symbols->count; i++) {
		const Elf64_Sym *symbol = &symbols->list[i];
		const char *name = hg_symbol_name(symbols, i);
		if (type_of(symbol) == STT_FILE) /* without a name: what follows is the linker's */
			unit = name ? ++*units : 0;
		/* The linker makes local what is global and hidden, too. */
		bool local = ELF64_ST_BIND(symbol->st_info) == STB_LOCAL && unit;
		if (!name || !is_part(symbol))
			continue;
		parts[count++] = (struct hg_part){.low = symbol->st_value,
		                                  .high = symbol->st_value + symbol->st_size,
		                                  .name = name,
		                                  .unit = local ? unit : 0,
		                                  .flags = (local ? HG_PART_LOCAL : 0) |
		                                           (type_of(symbol) == STT_OBJECT ? 0 : HG_PART_CODE)};
	}
	enum { SPLITS = 40 }; /* no limit: twice as many as halving takes where there are a million */
	sort(parts, count, SPLITS);
	count = drop_aliases(parts, count);
	place_globals(parts, count);
	return count;
}

struct hg_part *hg_part_at(struct hg_part *parts, size_t count, uint64_t address)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (parts[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < parts[low - 1].high ? &parts[low - 1] : NULL;
}
