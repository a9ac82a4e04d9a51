/* `handleguard top`: what guarded processes are doing. */
#ifndef HG_TOP_TOP_COMMAND_H
#define HG_TOP_TOP_COMMAND_H

int hg_command_top(int argc, char **argv);

#endif
