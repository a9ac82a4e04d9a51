/* A terminal whose whole screen is drawn anew from time to time, until somebody presses q. */
#ifndef HG_TOP_TERMINAL_H
#define HG_TOP_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is one, with keys and a screen. */
bool hg_terminal_is_there(void);

/* False: nothing is known of a terminal of its kind (TERM), and it is as it was. */
bool hg_terminal_begin(void);
/* As many of the text's lines, and as much of each, as there is room for. */
void hg_terminal_draw(const char *text);
/* Until the time is over, or the terminal's size another one; false: it is to end, by a key or a signal. */
bool hg_terminal_wait(int ms);
/* Leaves the terminal as it was. */
void hg_terminal_end(void);

#endif
