/* A library with one kind of handle. */
#ifndef NET_H
#define NET_H

struct net;

struct net *net_open(void);
/* Calls back, in the middle of its work. */
int net_use(struct net *net, void (*meanwhile)(void));
int net_peek(struct net *net);
void net_close(struct net *net);

#endif
