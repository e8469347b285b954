package io.aisle.batch.explore;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Prices on a logarithmic scale, ten bins a decade. An outlier lies further than {@value #DEVIATIONS} deviations from the median of the
 * logarithms, by the median absolute deviation × 1.4826 (Hampel 1974), both read off the bins.
 */
final class Prices implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int BINS_A_DECADE = 10;
    private static final double DEVIATIONS = 5;
    private static final double NORMAL = 1.4826;

    private final TreeMap<Integer, Long> bins = new TreeMap<>();
    private final SmallestRows<Priced> cheapest = new SmallestRows<>(CatalogSummary.EXAMPLES);
    private final SmallestRows<Priced> dearest = new SmallestRows<>(CatalogSummary.EXAMPLES);
    private long rows;
    private long zero;

    private record Priced(String id, double price) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** Prices from {@code from} to under {@code to}. */
    record Bin(double from, double to, long count) {}

    void add(double price, long hash, String id) {
        rows++;
        if (price == 0) {
            zero++;
            return;
        }
        bins.merge((int) Math.floor(Math.log10(price) * BINS_A_DECADE), 1L, Long::sum);
        cheapest.add(price, hash, id, new Priced(id, price));
        dearest.add(-price, hash, id, new Priced(id, price));
    }

    void merge(Prices that) {
        rows += that.rows;
        zero += that.zero;
        that.bins.forEach((bin, count) -> bins.merge(bin, count, Long::sum));
        cheapest.merge(that.cheapest);
        dearest.merge(that.dearest);
    }

    /** Rows with a price, zeros among them. */
    long rows() {
        return rows;
    }

    long zero() {
        return zero;
    }

    List<Bin> bins() {
        List<Bin> all = new ArrayList<>();
        if (!bins.isEmpty()) {
            for (int bin = bins.firstKey(); bin <= bins.lastKey(); bin++) {
                all.add(new Bin(bound(bin), bound(bin + 1), bins.getOrDefault(bin, 0L)));
            }
        }
        return all;
    }

    private static double bound(int bin) {
        return Math.pow(10, (double) bin / BINS_A_DECADE);
    }

    /** Above 0; NaN where there is no price. */
    double median() {
        return bins.isEmpty() ? Double.NaN : Math.pow(10, median(centres()));
    }

    /** Prices outside of these two are outliers; both NaN where there is no price. */
    double[] limits() {
        if (bins.isEmpty()) {
            return new double[] {Double.NaN, Double.NaN};
        }
        SortedMap<Double, Long> centres = centres();
        double median = median(centres);
        SortedMap<Double, Long> deviations = new TreeMap<>();
        centres.forEach((centre, count) -> deviations.merge(Math.abs(centre - median), count, Long::sum));
        double spread = Math.max(NORMAL * median(deviations), 1.0 / BINS_A_DECADE);
        return new double[] {Math.pow(10, median - DEVIATIONS * spread), Math.pow(10, median + DEVIATIONS * spread)};
    }

    private SortedMap<Double, Long> centres() {
        SortedMap<Double, Long> centres = new TreeMap<>();
        bins.forEach((bin, count) -> centres.put((bin + 0.5) / BINS_A_DECADE, count));
        return centres;
    }

    private static double median(SortedMap<Double, Long> counts) {
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        long seen = 0;
        for (Map.Entry<Double, Long> entry : counts.entrySet()) {
            seen += entry.getValue();
            if (2 * seen >= total) {
                return entry.getKey();
            }
        }
        throw new IllegalArgumentException("found nothing counted");
    }

    /** Rows in bins that lie outside the limits as a whole. */
    long outliers() {
        double[] limits = limits();
        return bins().stream()
                .filter(bin -> bin.to() <= limits[0] || bin.from() >= limits[1])
                .mapToLong(Bin::count)
                .sum();
    }

    /** Ids of some outliers below, the cheapest first. */
    List<String> cheapest() {
        double limit = limits()[0];
        return cheapest.values().stream()
                .filter(priced -> priced.price() < limit)
                .map(Priced::id)
                .toList();
    }

    /** Ids of some outliers above, the dearest first. */
    List<String> dearest() {
        double limit = limits()[1];
        return dearest.values().stream()
                .filter(priced -> priced.price() > limit)
                .map(Priced::id)
                .toList();
    }
}
