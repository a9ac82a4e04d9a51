/* A program that has nothing of its own: its main is in the object that it is linked with. */
typedef int nothing;
