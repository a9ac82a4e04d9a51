/* A library with one class of handles. */
#ifndef BOX_H
#define BOX_H

struct box;

struct box *box_open(void);
int box_use(struct box *box);
int box_peek(struct box *box);
void box_close(struct box *box);

/* Calls box_peek from inside the library. */
int box_look(struct box *box);

#endif
