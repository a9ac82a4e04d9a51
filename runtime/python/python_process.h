/* The Python interpreters that are loaded into this process: usually none, or one. */
#ifndef HG_PYTHON_PROCESS_H
#define HG_PYTHON_PROCESS_H

#include <stdatomic.h>

#include "base/elf_tables.h"
#include "python/python_layout.h"

enum hg_python_state {
	HG_PYTHON_LOADED, /* but not started, and perhaps not even ready to be called */
	HG_PYTHON_STARTED,
	HG_PYTHON_UNKNOWN, /* of a version that is not known here */
	HG_PYTHON_GONE     /* unloaded */
};

/* What a library (or a program) that is an interpreter exports, by which it is read. Functions of it are called that
 * load a word and do nothing else, in every version: they take no lock and need none. */
struct hg_python {
	_Atomic int state; /* enum hg_python_state: the rest can be used once it is STARTED */
	_Atomic bool
	    proven; /* a thread's frames were walked to their end, checking every read, and were as they must be */
	struct hg_elf_tables object;
	const void *runtime; /* _PyRuntime */
	uint32_t minor;      /* of its version, also where no layout is known */
	struct hg_python_layout layout;
	uintptr_t code_type, text_type, bytes_type, weak_type, none;
	void *(*state_of_thread)(void);   /* PyGILState_GetThisThreadState */
	void *(*state_attached)(void);    /* the calling thread's if it holds the interpreter's lock */
	void *(*first_interpreter)(void); /* PyInterpreterState_Head: the newest */
	void *(*main_interpreter)(void);  /* PyInterpreterState_Main: the oldest */
	int (*is_finalizing)(void);
};

enum { HG_PYTHONS_MOST = 8 }; /* limit: PYTHON_UNKNOWN */

/* Each once, in the order in which they were found. */
extern struct hg_python hg_python_list[HG_PYTHONS_MOST];
extern _Atomic unsigned hg_python_count;

/* Looks for those that have been loaded, started or unloaded since it last did. */
void hg_pythons_update(void);

/* False: another thread is just at it, and a later look may find more. */
bool hg_pythons_settled(void);

/* Something is being unloaded: nothing is believed of them before they have been looked for again. */
void hg_pythons_doubt(void);

#endif
