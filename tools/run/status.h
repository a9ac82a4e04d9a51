/* The exit statuses of `handleguard run` that are not the program's own. */
#ifndef HG_RUN_STATUS_H
#define HG_RUN_STATUS_H

enum {
	HG_STATUS_UNABLE = 2, /* the tool could not do its work */
	HG_STATUS_NOT_EXECUTABLE = 126,
	HG_STATUS_NOT_FOUND = 127,
	HG_STATUS_SIGNAL = 128 /* plus the signal that ended the program */
};

#endif
