package io.aisle.batch.explore;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * In how many products of each class a word stands, for the words and classes that are counted: int[classes][words].
 *
 * <p>The words that tell a class from all others are those with the greatest log-odds ratio with an informative Dirichlet prior, in
 * standard deviations (Monroe, Colaresi and Quinn 2008, "Fightin' Words", section 3.5): the prior is the word's share in all products, as
 * if {@value #PRIOR} had been seen before.
 */
final class ClassWords implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The class of rows whose class is not counted apart. */
    static final int OTHER_CLASS = -1;

    private static final double PRIOR = 100;

    private final int[][] counts;
    private final long[] words;

    /** @param score in standard deviations; 1.96 and more would be beyond chance, were there one word to look at */
    record Telling(int word, double score) {}

    ClassWords(int classes, int words) {
        this.counts = new int[classes][];
        this.words = new long[words];
    }

    void add(int classIndex, Collection<Integer> found) {
        for (int word : found) {
            words[word]++;
        }
        if (classIndex != OTHER_CLASS) {
            int[] of = of(classIndex);
            for (int word : found) {
                of[word]++;
            }
        }
    }

    private int[] of(int classIndex) {
        if (counts[classIndex] == null) {
            counts[classIndex] = new int[words.length];
        }
        return counts[classIndex];
    }

    void merge(ClassWords that) {
        for (int word = 0; word < words.length; word++) {
            words[word] += that.words[word];
        }
        for (int i = 0; i < counts.length; i++) {
            if (that.counts[i] != null) {
                int[] of = of(i);
                for (int word = 0; word < of.length; word++) {
                    of[word] += that.counts[i][word];
                }
            }
        }
    }

    /** The words that tell a class best, with a score above 1.96; of equal ones the more frequent first. */
    List<Telling> telling(int classIndex, int limit) {
        int[] inside = of(classIndex);
        double insideTotal = sum(inside);
        double total = sum(words);
        double outsideTotal = total - insideTotal;
        if (insideTotal == 0 || outsideTotal == 0) {
            return List.of();
        }
        List<Telling> telling = new ArrayList<>();
        for (int word = 0; word < words.length; word++) {
            if (inside[word] == 0) {
                continue;
            }
            double prior = PRIOR * words[word] / total;
            double in = inside[word] + prior;
            double out = words[word] - inside[word] + prior;
            double difference =
                    Math.log(in / (insideTotal + PRIOR - in)) - Math.log(out / (outsideTotal + PRIOR - out));
            double score = difference / Math.sqrt(1 / in + 1 / out);
            if (score > 1.96) {
                telling.add(new Telling(word, score));
            }
        }
        telling.sort(Comparator.comparingDouble(Telling::score).reversed().thenComparingInt(Telling::word));
        return List.copyOf(telling.subList(0, Math.min(limit, telling.size())));
    }

    private static double sum(int[] numbers) {
        double sum = 0;
        for (int number : numbers) {
            sum += number;
        }
        return sum;
    }

    private static double sum(long[] numbers) {
        double sum = 0;
        for (long number : numbers) {
            sum += number;
        }
        return sum;
    }
}
