#ifndef LIBRARY_H
#define LIBRARY_H

struct linked;

struct linked *linked_open(void);
int linked_op(struct linked *linked);
void linked_close(struct linked *linked);

#endif
