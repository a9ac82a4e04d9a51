#ifndef HG_TEST_VICTIM_LIBRARY_H
#define HG_TEST_VICTIM_LIBRARY_H

int victim_op(int a, int b, int c);

#endif
