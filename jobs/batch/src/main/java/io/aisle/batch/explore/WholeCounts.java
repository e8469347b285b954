package io.aisle.batch.explore;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/** How often each whole number was seen: exact, since a catalog's lengths are some thousands of different numbers at most. */
final class WholeCounts implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TreeMap<Integer, Long> counts = new TreeMap<>();
    private long total;

    void add(int number) {
        counts.merge(number, 1L, Long::sum);
        total++;
    }

    void merge(WholeCounts that) {
        that.counts.forEach((number, count) -> counts.merge(number, count, Long::sum));
        total += that.total;
    }

    long total() {
        return total;
    }

    long sum() {
        return counts.entrySet().stream()
                .mapToLong(entry -> entry.getKey() * entry.getValue())
                .sum();
    }

    int max() {
        return counts.isEmpty() ? 0 : counts.lastKey();
    }

    /** How many were above a number. */
    long above(int number) {
        return counts.tailMap(number, false).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The smallest number that at least a share of all reach: the nearest-rank quantile. 0 where nothing was counted. */
    int quantile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
            seen += entry.getValue();
            if (seen >= rank) {
                return entry.getKey();
            }
        }
        return 0;
    }

    /** Counts from each bound up to, without, the next; the last bound ends the last. What lies outside is left out. */
    long[] between(int[] bounds) {
        long[] bins = new long[bounds.length - 1];
        for (int i = 0; i < bins.length; i++) {
            bins[i] = counts.subMap(bounds[i], bounds[i + 1]).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
        return bins;
    }
}
