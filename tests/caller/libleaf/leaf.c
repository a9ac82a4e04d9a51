#include "leaf.h"

#include <stdlib.h>

#include "oracle.h"

struct leaf {
	struct body body;
	atomic_int references;
	leaf *inner, *from;
	void *attached;
	void (*drop)(void *);
	void (*end)(void *);
	void *end_data;
};

leaf *leaf_new(void)
{
	leaf *l = oracle_make(sizeof(leaf), NULL);
	l->references = 1;
	return l;
}

leaf *leaf_ref(leaf *l)
{
	oracle_enter(&l->body);
	atomic_fetch_add(&l->references, 1);
	oracle_leave(&l->body);
	return l;
}

/* One reference too many is a second free. */
void leaf_unref(leaf *l)
{
	void (*end)(void *) = l->end;
	if (end && atomic_load(&l->references) == 1) {
		l->end = NULL;
		end(l->end_data);
	}
	if (atomic_fetch_sub(&l->references, 1) > 1 || !oracle_begin_free(&l->body))
		return;
	if (l->from)
		leaf_unref(l->from);
	oracle_end_free(&l->body);
}

int leaf_touch(leaf *l)
{
	oracle_enter(&l->body);
	oracle_leave(&l->body);
	return 1;
}

int leaf_call(leaf *l, void (*callback)(void *), void *data)
{
	oracle_enter(&l->body);
	callback(data);
	oracle_leave(&l->body);
	return 1;
}

int leaf_attach(leaf *l, void *data, void (*drop)(void *))
{
	oracle_enter(&l->body);
	l->attached = data;
	l->drop = drop;
	oracle_leave(&l->body);
	return 1;
}

int leaf_on_end(leaf *l, void (*end)(void *), void *data)
{
	oracle_enter(&l->body);
	l->end = end;
	l->end_data = data;
	oracle_leave(&l->body);
	return 1;
}

int leaf_clear(leaf *l)
{
	oracle_enter(&l->body);
	l->drop(l->attached);
	oracle_leave(&l->body);
	return 1;
}

leaf *leaf_bind(leaf *const *others, int count)
{
	leaf *l = leaf_new();
	for (int i = 0; i < count; i++)
		leaf_ref(others[i]);
	return l;
}

leaf *leaf_wrap(leaf *inner, leaf *(*copy)(leaf *))
{
	leaf *l = oracle_make(sizeof(leaf), NULL);
	l->references = 1;
	l->inner = copy(inner);
	return l;
}

leaf *leaf_inner(const leaf *l)
{
	return l->inner;
}

leaf *leaf_branch(leaf *l)
{
	leaf *branch = oracle_make(sizeof(leaf), NULL);
	branch->references = 1;
	branch->from = l;
	atomic_fetch_add(&l->references, 1);
	return branch;
}

int leaf_visit(leaf *l, void (*callback)(void *), void *data)
{
	atomic_fetch_add(&l->references, 1);
	leaf_call(l, callback, data);
	leaf_unref(l);
	return 1;
}

int leaf_pass_by(leaf *l)
{
	atomic_fetch_add(&l->references, 1);
	leaf_unref(l);
	return 1;
}

int leaf_keep(leaf *l)
{
	leaf_ref(l);
	return 1;
}

int leaf_let_go(leaf *l)
{
	leaf_unref(l);
	return 1;
}

leaf *leaf_next(leaf *old)
{
	leaf *l = oracle_make(sizeof(leaf), NULL);
	l->references = 1;
	leaf_unref(old);
	return l;
}

int leaf_faults(void)
{
	return oracle_faults();
}

int leaf_frees(void)
{
	return oracle.frees;
}
