/* `handleguard manifest learn`: runs a program, and proposes what its manifest lacks. */
#ifndef HG_MANIFEST_LEARN_COMMAND_H
#define HG_MANIFEST_LEARN_COMMAND_H

int hg_command_learn(int argc, char **argv);

#endif
