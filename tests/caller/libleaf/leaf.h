/* A library of counted handles; a library of its own, with a manifest of its own. */
#ifndef LEAF_H
#define LEAF_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leaf leaf;

leaf *leaf_new(void);
leaf *leaf_ref(leaf *l);
void leaf_unref(leaf *l); /* the last one frees */
int leaf_touch(leaf *l);  /* 1 */
int leaf_call(leaf *l, void (*callback)(void *), void *data);

/* The leaf drops what is attached to it when it is cleared. */
int leaf_attach(leaf *l, void *data, void (*drop)(void *));
int leaf_clear(leaf *l);

/* Called by the last leaf_unref, before it drops that reference. */
int leaf_on_end(leaf *l, void (*end)(void *), void *data);

leaf *leaf_wrap(leaf *inner, leaf *(*copy)(leaf *)); /* a new leaf with a copy of the inner one in it */
leaf *leaf_bind(leaf *const *others, int count); /* a new leaf, and a reference to each of the others for the caller */
leaf *leaf_inner(const leaf *l);
/* References of the library's own: taken without a call, and dropped by leaf_unref in the same op; taken by leaf_ref,
 * and dropped in another op. */
leaf *leaf_branch(leaf *l); /* a new leaf; its end drops the reference */
int leaf_visit(leaf *l, void (*callback)(void *), void *data);
int leaf_pass_by(leaf *l); /* the same; it is in no manifest */
int leaf_keep(leaf *l);
int leaf_let_go(leaf *l);
leaf *leaf_next(leaf *old); /* a new leaf, and drops the caller's reference to the old one */

int leaf_faults(void);
int leaf_frees(void);

#ifdef __cplusplus
}
#endif

#endif
