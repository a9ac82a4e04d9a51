/* `handleguard clean`: removes what runs have left. */
#ifndef HG_RUN_CLEAN_H
#define HG_RUN_CLEAN_H

int hg_command_clean(int argc, char **argv);

#endif
