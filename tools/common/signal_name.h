/* What people call a signal. */
#ifndef HG_SIGNAL_NAME_H
#define HG_SIGNAL_NAME_H

/* "SIGSEGV"; of one that has no name, "an unknown signal". Any thread may ask; the text is never freed. */
const char *hg_signal_name(int signal);

#endif
