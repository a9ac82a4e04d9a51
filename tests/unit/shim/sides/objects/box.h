/* A library and its binding, of which each function says by its name whose it is. */
#ifndef BOX_H
#define BOX_H

struct box_table {
	int (*step)(int);
};

#pragma GCC visibility push(hidden)
extern const struct box_table table_of_library;
int helper_of_library(int n);
#pragma GCC visibility pop

int box_open(int n);
int box_use(int n);
int box_close(int n);
int second_of_binding(int n);

#endif
