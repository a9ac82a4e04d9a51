#ifndef NET_WHOLE
#error "this header needs -DNET_WHOLE: flags must reach the compiler"
#endif

typedef struct net_node net_node;
typedef struct net_stream *net_stream_t; /* the pointer itself has the name */

struct net_stats {
	long sent, received, lost;
};
struct net_point {
	float x, y; /* travels in a floating-point register */
};
enum net_state { NET_OPEN, NET_CLOSED };

net_node *net_node_new(void);
void net_node_free(net_node *node);
int net_open(net_node *node, net_stream_t *stream);
long net_send(net_stream_t stream, const void *bytes, unsigned long size);
int net_send_all(net_stream_t stream, long a, long b, double c, long d, long e, long f, struct net_point g, short h);
int net_log(const struct net_stream *stream, const char *format, ...);
double net_mix(net_stream_t one, net_stream_t other, double share);
struct net_stats net_stats(net_stream_t stream);
enum net_state net_state(net_stream_t stream, int really);
void net_close(net_stream_t stream);
void net_text_free(char *text);
