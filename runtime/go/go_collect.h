/* Has Go collect its garbage more often, so that finalizers and cleanups run when calls are held back. */
#ifndef HG_GO_COLLECT_H
#define HG_GO_COLLECT_H

enum hg_go_collecting {
	HG_GO_NOT_THERE, /* there is no Go in the process, or none that is known */
	HG_GO_HASTENED,
	HG_GO_NOT_FOUND /* where the time between collections stands is not known for certain: nothing was changed */
};

/* Looks at the images that are known. May call libc. */
enum hg_go_collecting hg_go_collect_often(void);

#endif
