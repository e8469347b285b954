package io.aisle.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Which rows go through the network together. */
final class Batches {
    /** Rows are sorted by length within this many batches: little padding, and yet batches that differ from epoch to epoch. */
    private static final int WINDOW_BATCHES = 32;

    private Batches() {}

    /**
     * The row numbers of each batch of an epoch: every row once, in an order that is a pure function of the seed and the epoch, rows of
     * about the same length together.
     *
     * @param lengths [rows], tokens of each
     */
    static List<int[]> shuffled(int[] lengths, int batchSize, long seed, int epoch) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + epoch);
        List<Integer> rows =
                new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
        Collections.shuffle(rows, random);
        List<int[]> batches = new ArrayList<>();
        int window = WINDOW_BATCHES * batchSize;
        for (int from = 0; from < rows.size(); from += window) {
            cut(rows.subList(from, Math.min(from + window, rows.size())), lengths, batchSize, batches);
        }
        Collections.shuffle(batches, random);
        return batches;
    }

    /** The row numbers of each batch, every row once, sorted by length. */
    static List<int[]> byLength(int[] lengths, int batchSize) {
        List<int[]> batches = new ArrayList<>();
        cut(new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList()), lengths, batchSize, batches);
        return batches;
    }

    private static void cut(List<Integer> rows, int[] lengths, int batchSize, List<int[]> batches) {
        rows.sort(Comparator.comparingInt(row -> lengths[row]));
        for (int from = 0; from < rows.size(); from += batchSize) {
            batches.add(rows.subList(from, Math.min(from + batchSize, rows.size())).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
    }
}
