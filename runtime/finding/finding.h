/* Findings: put together while the calls they speak of stand still, weighed (seen before? worth storing? the end of the
 * process?), then written to the ring. A race is written while its calls are still held up, since its process may not
 * live to see what comes of it, and completed afterwards. */
#ifndef HG_FINDING_H
#define HG_FINDING_H

#include "finding/folded.h"
#include "protocol/guard.h"

struct hg_finding_builder;

/* Begins a finding about a generation of a guard. Null if memory is refused. The following calls take null and do
 * nothing. All may call libc: only with vector registers saved. */
struct hg_finding_builder *hg_finding_open(const struct hg_guard *guard, uint32_t generation);

/* The same of a class alone: of a call that names none of its handles. */
struct hg_finding_builder *hg_finding_open_class(const struct hg_class *class, uint64_t value);

/* Adds a call that is over, or the present one: from its event. Events that never happened are left out. */
void hg_finding_add(struct hg_finding_builder *builder, enum hg_party_role role, const struct hg_event *event);

/* Adds the last frees of the finding's class, if they are kept: which they are makes no finding another one. */
void hg_finding_add_recent(struct hg_finding_builder *builder);

/* Adds a child of the finding's guard: its create. */
void hg_finding_add_child(struct hg_finding_builder *builder, const struct hg_guard *child);

/* Adds the function that wakes the calls in flight: by its symbol. */
void hg_finding_add_waker(struct hg_finding_builder *builder, uint32_t symbol);

/* Adds one of the calls in flight that were found, which cannot return meanwhile (see "inspection" in guard.c). */
void hg_finding_add_frame(struct hg_finding_builder *builder, const struct hg_holders *found, unsigned number);

/* A holder of a handle. */
struct hg_finding_holder {
	struct hg_event latest; /* of its claims */
	uint32_t claims;
	uint64_t value;
	bool listed; /* in a list of many: a short stack will do, and it is no side of the finding */
};

/* False: no room. */
bool hg_finding_add_holder(struct hg_finding_builder *builder, const struct hg_finding_holder *holder);

/* How many more there are, for whom there is no party. */
void hg_finding_unlisted(struct hg_finding_builder *builder, uint32_t holders, uint32_t handles);

struct hg_verdict {
	enum hg_kind kind;
	uint32_t flags;       /* enum hg_finding_flag */
	uint64_t drain_ticks; /* 0: did not wait */
	uint64_t deadline_ns; /* 0: no drain involved */
};

/* Writes what is known already, before it is closed or dropped: with the kind that it will be if all goes well, and a
 * deadline that stays. */
void hg_finding_begin(struct hg_finding_builder *builder, const struct hg_verdict *expected);

/* Writes the finding, or what has come of it since it was begun, and gives the builder back. In abort mode an error
 * ends the process here. */
void hg_finding_close(struct hg_finding_builder *builder, const struct hg_verdict *verdict);

/* The same. If enough of its like are stored, the next with these sides are only counted (folded.h). Null: they would
 * not tell it from others. */
void hg_finding_close_like(struct hg_finding_builder *builder, const struct hg_verdict *verdict,
                           const struct hg_sides *sides);

/* Gives a builder back unwritten; what was begun is taken back. */
void hg_finding_drop(struct hg_finding_builder *builder);

/* Asked of each finding before it is written: whether a call was held back that it may have come of, and which; the
 * party is filled in but for its role. Null: none is ever held. */
extern bool (*hg_finding_held)(const struct hg_class *class, uint64_t value, enum hg_kind kind,
                               struct hg_record_party *party);

/* The level of a kind, and what people call it. */
enum hg_level hg_kind_level(enum hg_kind kind);
const char *hg_kind_text(enum hg_kind kind);

#endif
