-- How often each race was met, in how many builds and processes, and when: over the lines of `--format ndjson`.
SELECT fingerprint,
       kind,
       sum(count) AS times,
       count(DISTINCT build) AS builds,
       count(DISTINCT recording) AS processes,
       to_timestamp(min(first_ns) / 1e9) AS first_seen,
       to_timestamp(max(last_ns) / 1e9) AS last_seen
FROM line
WHERE type = 'finding'
GROUP BY fingerprint, kind
ORDER BY times DESC;
