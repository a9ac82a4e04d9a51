/* Claims on the handles of shared classes. A handle has as many claims as calls have handed it out or acquired it and
 * not given it up since; a *holder* is a thread at a call site, with one claim or several. The claim of the create is
 * kept by the create's own event; the others lie in blocks that hang on the guard, taken when they are needed and never
 * given back. What cannot be kept is counted: then the number of claims is still right, and only whose they are is not
 * known.
 */
#ifndef HG_CLAIMS_H
#define HG_CLAIMS_H

#include "format/image.h"
#include "protocol/claims_word.h"
#include "protocol/guard.h"

struct hg_claim_block;

/* Lies behind a shared guard, after what else its class has there. */
struct hg_guard_claims {
	_Atomic uint64_t word; /* claims_word.h */
	struct hg_claim_block *_Atomic blocks;
};

static inline struct hg_guard_claims *hg_guard_claims(const struct hg_guard *guard)
{
	uint32_t flags = guard->class->flags;
	size_t more = flags & HG_CLASS_MORE ? sizeof(struct hg_guard_more) : 0,
	       ties = flags & HG_CLASS_TIED ? sizeof(struct hg_guard_ties) : 0;
	return (struct hg_guard_claims *)((char *)(guard + 1) + more + ties);
}

/* Who makes or drops a claim. */
struct hg_claimant {
	uint64_t serial; /* of the thread */
	uint64_t site;   /* where the call returns to */
	uint32_t object; /* that the site lies in (hg_module_at) */
	struct hg_event event;
};

/* Adds a claim to this life, or with `sink` takes over its floating first one. False: the life is over. */
bool hg_claims_add(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who, bool sink);

/* The life that has just begun has a floating claim, and no other. */
void hg_claims_float(struct hg_guard *guard, uint32_t generation);

enum hg_claims_left {
	HG_CLAIMS_LEFT,      /* others remain */
	HG_CLAIMS_NONE_LEFT, /* this was the last: the life has ended */
	HG_CLAIMS_UNKNOWN,   /* the handle's create was not seen: nobody knows how many there are */
	HG_CLAIMS_OVER       /* the life had ended before */
};

/* Drops a claim: the best match for who drops it. */
enum hg_claims_left hg_claims_release(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who);

/* One holder. */
struct hg_claim;
struct hg_claim_held {
	struct hg_claim *claim; /* null: the create */
	uint64_t state;         /* of the claim's record, as it was read */
	struct hg_event latest;
	uint64_t serial;
	uint32_t object;
	uint32_t count;
};

/* limit: HOLDERS_CUT */
enum { HG_CLAIMS_BLOCKS = 8, HG_CLAIMS_A_BLOCK = 4, HG_HOLDERS_KEPT = HG_CLAIMS_BLOCKS * HG_CLAIMS_A_BLOCK + 1 };

struct hg_claim_list {
	unsigned count;
	uint64_t untold; /* claims of holders that were not kept */
	struct hg_claim_held list[HG_HOLDERS_KEPT];
};

/* All holders of a life, also of one that has ended, as long as the next has not begun. */
void hg_claims_list(const struct hg_guard *guard, uint32_t generation, struct hg_claim_list *held);

/* Whether one of these claims, or one that was not kept, is the library's own: made by a call from inside it. */
bool hg_claims_has_internal(const struct hg_guard *guard, uint32_t generation);

enum hg_claims_freed {
	HG_CLAIMS_FREE,     /* nobody else had a claim: the life has ended */
	HG_CLAIMS_SEVERED,  /* others had: the life has ended for them too */
	HG_CLAIMS_WITHHELD, /* others have, and the life goes on */
	HG_CLAIMS_GONE      /* the life had ended before */
};

/* A free for everybody. It stands for one claim of its own or, if `whole_object`, for all of its object's. If there are
 * others, these are listed in *cut, and `withhold` keeps the life going. */
struct hg_claims_end {
	bool whole_object;
	bool withhold;
	bool others_only; /* none of the claims is its own: those that it stood for were of the life before */
};
enum hg_claims_freed hg_claims_free(struct hg_guard *guard, uint32_t generation, const struct hg_claimant *who,
                                    const struct hg_claims_end *how, struct hg_claim_list *cut);

/* The life has ended whatever claims there are: its library ended it. */
void hg_claims_drop_all(struct hg_guard *guard, uint32_t generation);

/* The real free failed: the life goes on with the claims that it had. */
void hg_claims_restore(struct hg_guard *guard, uint32_t generation);

/* Lists, once, the claims that a thread still had when the life ended. */
void hg_claims_take(struct hg_guard *guard, uint32_t generation, uint64_t serial, struct hg_claim_list *held);

#endif
