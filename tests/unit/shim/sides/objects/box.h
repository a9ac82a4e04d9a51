/* A library and its binding, of which each function says by its name whose it is. */
#ifndef BOX_H
#define BOX_H

struct box_table {
	int (*step)(int);
};

#pragma GCC visibility push(hidden)
extern const struct box_table table_of_library;
int helper_of_library(int n);
const struct box_table *method_of_library(void);
#pragma GCC visibility pop

int box_open(int n);
int box_use(int n);
int box_close(int n);
int second_of_binding(int n);

/* What a compiler splits off a function because it is hardly run: its name in the object, and whom it calls. */
#define SPLIT_OFF(function, name, callee)                                                                              \
	__attribute__((used, section(".text.unlikely"))) static int function(int n) __asm__(name);                     \
	static int function(int n)                                                                                     \
	{                                                                                                              \
		return callee(n) + 9;                                                                                  \
	}

#endif
