package io.aisle.batch.explore;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.datasketches.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;

/**
 * The most frequent of texts, and how many different ones there are, in bounded memory: a sketch of frequent items (Misra and Gries 1982,
 * as in Anderson et al. 2017) that is exact up to some 49,000 different texts, and HyperLogLog (Flajolet et al. 2007) with an error of 0.8%.
 */
final class FrequentItems implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int CAPACITY = 1 << 16;
    private static final int LOG_REGISTERS = 14;

    private transient ItemsSketch<String> frequent = new ItemsSketch<>(CAPACITY);
    private transient Union distinct = new Union(LOG_REGISTERS);

    /** How often a text was seen, too often by at most {@link #maxError}. */
    record Item(String text, long count) {}

    void add(String text) {
        frequent.update(text);
        distinct.update(text);
    }

    void merge(FrequentItems that) {
        frequent.merge(that.frequent);
        distinct.update(that.distinct.getResult());
    }

    /** How many texts were seen, each as often as it was. */
    long total() {
        return frequent.getStreamLength();
    }

    long distinct() {
        return Math.round(distinct.getEstimate());
    }

    /** 0 as long as the counts are exact. */
    long maxError() {
        return frequent.getMaximumError();
    }

    /** The most frequent first, then by text. */
    List<Item> top(int limit) {
        return Arrays.stream(frequent.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
                .map(row -> new Item(row.getItem(), row.getEstimate()))
                .sorted(Comparator.comparingLong(Item::count).reversed().thenComparing(Item::text))
                .limit(limit)
                .toList();
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        out.writeObject(frequent.toByteArray(new ArrayOfStringsSerDe()));
        out.writeObject(distinct.getResult().toCompactByteArray());
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        frequent = ItemsSketch.getInstance(Memory.wrap((byte[]) in.readObject()), new ArrayOfStringsSerDe());
        distinct = new Union(LOG_REGISTERS);
        distinct.update(HllSketch.heapify((byte[]) in.readObject()));
    }
}
