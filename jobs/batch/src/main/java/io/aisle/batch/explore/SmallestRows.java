package io.aisle.batch.explore;

import java.io.Serializable;
import java.util.List;
import java.util.TreeMap;

/**
 * The values with the smallest keys, so many at most. With a hash as the key they are a sample that depends on the rows alone, whatever
 * partition they lie in; with a price, the cheapest.
 */
final class SmallestRows<V extends Serializable> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int limit;
    private final TreeMap<Key, V> rows = new TreeMap<>();

    private record Key(double rank, long hash, String id) implements Comparable<Key>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public int compareTo(Key that) {
            int order = Double.compare(rank, that.rank);
            order = order != 0 ? order : Long.compare(hash, that.hash);
            return order != 0 ? order : id.compareTo(that.id);
        }
    }

    SmallestRows(int limit) {
        this.limit = limit;
    }

    /** Whether a row of this hash and rank 0 would be kept, so that nothing need be made of one that is not. */
    boolean takes(long hash) {
        return rows.size() < limit || hash <= rows.lastKey().hash();
    }

    void add(long hash, String id, V value) {
        add(0, hash, id, value);
    }

    void add(double rank, long hash, String id, V value) {
        put(new Key(rank, hash, id), value);
    }

    private void put(Key key, V value) {
        if (rows.size() < limit || key.compareTo(rows.lastKey()) < 0) {
            rows.put(key, value);
            if (rows.size() > limit) {
                rows.pollLastEntry();
            }
        }
    }

    void merge(SmallestRows<V> that) {
        that.rows.forEach(this::put);
    }

    List<V> values() {
        return List.copyOf(rows.values());
    }
}
