/* What the library tells its tests, and what they ask of it. */
#ifndef GATES_H
#define GATES_H

/* After a thread went into a call. */
void gates_note_change(void);

void gates_count_violation(void);
void gates_count_free(void);

/* Whether the split that asks is to fail. */
int gates_split_fails(void);

#endif
