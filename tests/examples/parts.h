/* What the files of the examples' program share. */
#ifndef PARTS_H
#define PARTS_H

/* Frees with an op in flight, which is let go when the free waits for it. */
void free_during(void (*op)(void *), void *op_handle, void (*end)(void *), void *handle, void (*let_go)(void *));
void let_box_go(void *handle);

/* unseen.c */
void handles_that_come_from_where_nobody_sees_it(void);
void a_library_as_a_whole(void);
void what_a_native_method_of_java_throws(void);
void a_library_that_tears_itself_down_as_the_process_ends(void);
/* tables.c */
void functions_in_tables(void);
/* attached.c */
void what_a_library_counts_for_itself(void);
void handles_that_are_attached_to_others(void);

#endif
