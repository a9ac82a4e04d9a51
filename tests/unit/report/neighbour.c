/* Lies before the code whose compiler wrote no index of addresses. */
int neighbour(int number);

int neighbour(int number)
{
	return number + 1;
}
