/* The exit statuses of `handleguard run` that are not the program's own. Programs that run programs (env, timeout,
 * nohup) use 125 to 127 in the same way; 97 is used by nobody: test runners end with 1, a panic of Go with 2. */
#ifndef HG_PROGRAM_STATUS_H
#define HG_PROGRAM_STATUS_H

enum {
	HG_STATUS_FINDINGS = 97, /* unless --error-exitcode says another */
	HG_STATUS_UNABLE = 125,  /* the tool could not do its work */
	HG_STATUS_NOT_EXECUTABLE = 126,
	HG_STATUS_NOT_FOUND = 127,
	HG_STATUS_SIGNAL = 128 /* plus the signal that ended the program */
};

#endif
