#include "questions.h"

#include <stddef.h>

bool model_is_below(const struct model *model, int tap, int cask)
{
	const struct place *it = &model->places[tap];
	return class_at(tap) == TAP && cask != NOBODY && it->parent == cask &&
	       it->parent_number == model->places[cask].number;
}

struct place *model_parent_of(struct model *model, int place)
{
	int parent = model->places[place].parent;
	return model_is_below(model, place, parent) ? &model->places[parent] : NULL;
}

/* --- who is in flight --- */

static bool is_op(const struct frame *frame)
{
	enum role role = facts_of(frame)->role;
	return (role == POKES || role == ACQUIRES) && frame->phase >= ENTERED && !frame->passes;
}

/* A free of a tap is in flight on its cask. */
bool model_is_on(const struct model *model, const struct frame *frame, int place)
{
	int subject = frame->call.subject;
	if (frame->kind != CALLING || subject == NOBODY || frame->phase == BEGINS)
		return false;
	bool below = model_is_below(model, subject, place);
	return is_op(frame) ? subject == place || below : frame->ends_life && below;
}

unsigned model_in_flight(const struct model *model, int place, int thread, bool own)
{
	unsigned count = 0;
	for (int i = 0; i < STRANDS; i++)
		for (int at = 0; model->strands[i].exists && at < model->strands[i].depth; at++) {
			const struct frame *frame = &model->strands[i].frames[at];
			if (model_is_on(model, frame, place))
				count += (frame->thread == thread) == own;
		}
	return count;
}

bool model_is_in_flight(const struct model *model, int place)
{
	for (int tap = 0; tap < PLACES; tap++) {
		const struct place *left = &model->places[tap];
		if (model_is_below(model, tap, place) && left->life == FREEING && left->deferred)
			return true;
	}
	return model_in_flight(model, place, NOBODY, false) != 0;
}

bool model_is_finished(const struct model *model, int place)
{
	for (int i = 0; i < STRANDS; i++)
		for (int at = 0; model->strands[i].exists && at < model->strands[i].depth; at++)
			if (model->strands[i].frames[at].finishes && model->strands[i].frames[at].call.subject == place)
				return true;
	return false;
}

static bool is_named(const struct model *model, const struct frame *frame, int place)
{
	const struct call *call = &frame->call;
	return frame->kind == CALLING && (call->subject == place || call->makes == place ||
	                                  (call->subject != NOBODY && class_at(call->subject) == TAP &&
	                                   model->places[call->subject].parent == place));
}

bool model_is_free(const struct model *model, int place)
{
	if (model->places[place].life != UNMADE && model->places[place].life != DEAD)
		return false;
	for (int i = 0; i < STRANDS; i++)
		for (int at = 0; model->strands[i].exists && at < model->strands[i].depth; at++)
			if (is_named(model, &model->strands[i].frames[at], place))
				return false;
	return true;
}

bool model_is_being_made(const struct model *model, int place)
{
	for (int i = 0; i < STRANDS; i++)
		for (int at = 0; model->strands[i].exists && at < model->strands[i].depth; at++)
			if (model->strands[i].frames[at].kind == CALLING &&
			    model->strands[i].frames[at].call.makes == place)
				return true;
	return false;
}

/* --- inside a free --- */

const struct frame *model_free_around(const struct strand *strand, int place)
{
	for (int at = strand->depth - 2; at >= 0; at--) {
		const struct frame *frame = &strand->frames[at];
		if (frame->kind == IN_HANDLER)
			return NULL;
		if (frame->kind == CALLING && frame->ends_life && frame->call.subject == place)
			return frame;
	}
	return NULL;
}

bool model_is_inside(struct model *model, const struct strand *strand, int place)
{
	const struct place *it = &model->places[place];
	return model_free_around(strand, place) ||
	       (it->life == LIVE && model_parent_of(model, place) && model_free_around(strand, it->parent));
}

unsigned model_depth_of(const struct model *model, int thread)
{
	unsigned count = 0;
	for (int i = 0; i < STRANDS; i++)
		for (int at = 0; model->strands[i].exists && at < model->strands[i].depth; at++)
			count += model->strands[i].frames[at].kind == CALLING &&
			         model->strands[i].frames[at].thread == thread;
	return count;
}

static bool is_in_handler(const struct strand *strand, int from)
{
	for (int at = from; at < strand->depth; at++)
		if (strand->frames[at].kind == IN_HANDLER)
			return true;
	return false;
}

/* --- who may wait --- */

static bool is_blocked(const struct model *model, int thread)
{
	for (int i = 0; i < STRANDS; i++)
		if (model->strands[i].exists && model->strands[i].thread == thread)
			for (int at = 0; at < model->strands[i].depth; at++)
				if (model->strands[i].frames[at].phase == WAITS)
					return true;
	return false;
}

static bool can_move(const struct model *model, int thread, int but)
{
	if (thread != NOBODY)
		return thread != but && !model->done[thread] && !is_blocked(model, thread);
	for (int i = 0; i < model->threads; i++)
		if (can_move(model, i, but))
			return true;
	return false;
}

/* Threads begin to wait one after the other, each for some that do not: never in a circle. A coroutine's call counts as
 * that of the thread that began it, too: nobody can know that another will go on with it. */
bool model_may_wait(const struct model *model, int self, int place)
{
	const struct strand *waiter = &model->strands[self];
	if (is_in_handler(waiter, 0))
		return false;
	for (int i = 0; i < STRANDS; i++) {
		const struct strand *strand = &model->strands[i];
		bool on = false;
		for (int at = 0; strand->exists && at < strand->depth; at++)
			if (model_is_on(model, &strand->frames[at], place)) {
				on = true;
				if (is_blocked(model, strand->frames[at].thread))
					return false;
			}
		int runner = strand->thread != NOBODY ? strand->thread : strand->home;
		if (on && (strand->abandoned || !can_move(model, runner, waiter->thread)))
			return false;
	}
	return can_move(model, NOBODY, waiter->thread);
}

bool model_can_move(const struct model *model, int thread)
{
	return can_move(model, thread, NOBODY);
}

bool model_is_awaited(const struct model *model, int strand)
{
	const struct strand *it = &model->strands[strand];
	for (int place = 0; place < PLACES; place++)
		for (int at = 0; at < it->depth && model->places[place].life == FREEING; at++)
			if (!model->places[place].deferred && model_is_on(model, &it->frames[at], place))
				return true;
	return false;
}

/* --- what nobody can tell --- */

/* Whether it cannot be told if a create that returns its handle, and has called back before, is making this one. To
 * what is called from within it, it may be making any handle that stands in its registers, those of its caller among
 * them; to all others, whatever was not dead before. */
bool model_is_doubtful(const struct model *model, int strand, int place)
{
	bool made_elsewhere = false, others = false, near = false;
	for (int i = 0; i < STRANDS; i++)
		for (int at = 0; model->strands[i].exists && at < model->strands[i].depth; at++) {
			const struct frame *frame = &model->strands[i].frames[at];
			int makes = frame->kind == CALLING && frame->phase >= ENTERED ? frame->call.makes : NOBODY;
			if (makes == NOBODY || class_at(makes) != class_at(place) ||
			    frame->call.function == CASK_OPEN_TO)
				continue;
			bool elsewhere = i != strand || frame->thread != model->strands[i].thread ||
			                 is_in_handler(&model->strands[i], at);
			made_elsewhere |= makes == place && elsewhere;
			others |= makes != place;
			near |= makes != place && !elsewhere;
		}
	const struct place *it = &model->places[place];
	return made_elsewhere ? others || it->number > 1 : near && it->life == DEAD;
}

bool model_is_handed_over(const struct model *model, int thread, int place)
{
	for (int i = 0; i < STRANDS; i++) {
		const struct strand *strand = &model->strands[i];
		for (int at = 0; strand->exists && at < strand->depth; at++)
			if (model_is_on(model, &strand->frames[at], place) && strand->frames[at].thread == thread &&
			    strand->thread != NOBODY && strand->thread != thread)
				return true;
	}
	return false;
}

bool model_is_inside_passing(const struct strand *strand, int subject)
{
	for (int at = 0; at < strand->depth; at++)
		if (strand->frames[at].passes && strand->frames[at].call.subject == subject)
			return true;
	return false;
}
