package io.aisle.batch.monitor;

import io.aisle.batch.monitor.Difference.Effect;
import io.aisle.batch.profile.ClassProfile;
import io.aisle.batch.profile.Profile;
import io.aisle.batch.profile.UnknownWords;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.ProductField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a run's profile differs from another. A difference is a finding where it is both large enough to matter and beyond what chance
 * gives, all that is compared taken together.
 *
 * @param differences all that could be compared, in the order of their kinds
 */
record Drift(List<Difference> differences) {
    /** Categories of which fewer rows are to be expected are compared as one: chi-square does not hold for them (Cochran 1954). */
    private static final double MIN_EXPECTED = 10;

    /**
     * Compares.
     *
     * @param isCensus whether the number of rows should be alike too
     */
    static Drift of(Profile now, Profile before, Thresholds thresholds, boolean isCensus) {
        Comparing comparing = new Comparing(now, before, thresholds);
        if (isCensus) {
            comparing.compareRows();
        }
        comparing.compareFields();
        comparing.compareUnknownWords();
        comparing.compareReview();
        comparing.compareDistributions();
        comparing.compareClasses();
        return new Drift(judged(comparing.found, thresholds.significance()));
    }

    private static List<Difference> judged(List<Difference> found, double significance) {
        double[] adjusted =
                Chance.ofAll(found.stream().mapToDouble(Difference::pValue).toArray());
        List<Difference> judged = new ArrayList<>();
        for (int i = 0; i < adjusted.length; i++) {
            judged.add(found.get(i).among(adjusted[i], significance));
        }
        return List.copyOf(judged);
    }

    /** What is worth a person's time, the worst first. */
    List<Difference> findings() {
        return differences.stream()
                .filter(difference -> difference.level() != Level.OK)
                .sorted(Comparator.comparing(Difference::level)
                        .thenComparing(Difference::severity)
                        .reversed())
                .toList();
    }

    Level level() {
        return differences.stream().map(Difference::level).reduce(Level.OK, Level::orWorse);
    }

    /** The effect of a kind by one measure; NaN where it could not be compared. */
    double effect(String kind, String measure) {
        return differences.stream()
                .filter(difference -> difference.kind().equals(kind))
                .flatMap(difference -> difference.effects().stream())
                .filter(effect -> effect.measure().equals(measure))
                .mapToDouble(Effect::size)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** What is undefined (no row measured, words not known) is left out. */
    private record Comparing(Profile now, Profile before, Thresholds thresholds, List<Difference> found) {
        Comparing(Profile now, Profile before, Thresholds thresholds) {
            this(now, before, thresholds, new ArrayList<>());
        }

        void compareRows() {
            double size = Math.abs((double) now.rows() / before.rows() - 1);
            add(
                    "rows",
                    List.of(),
                    (double) now.rows(),
                    (double) before.rows(),
                    List.of(new Effect("change", size, thresholds.rows())),
                    Double.NaN,
                    String.format(Locale.ROOT, "the run has %,d rows, %,d before", now.rows(), before.rows()));
        }

        void compareFields() {
            if (now.measured() == 0 || before.measured() == 0) {
                return;
            }
            for (ProductField field : ProductField.values()) {
                double share = now.fillRate(field.key());
                double was = before.fillRate(field.key());
                add(
                        "fill",
                        List.of(field.key()),
                        share,
                        was,
                        List.of(new Effect("difference", Math.abs(share - was), thresholds.fill())),
                        Chance.ofShares(
                                now.filled().getOrDefault(field.key(), 0L),
                                now.measured(),
                                before.filled().getOrDefault(field.key(), 0L),
                                before.measured()),
                        field.key() + " is filled in " + percent(share) + " of rows, " + percent(was) + " before");
            }
        }

        void compareUnknownWords() {
            compareWords("unknown_words", List.of(), "", now.words(), before.words(), thresholds.unknownWords());
        }

        private void compareWords(
                String kind, List<String> subject, String of, UnknownWords words, UnknownWords was, Limits limits) {
            double share = words.share();
            double shareBefore = was.share();
            double deviation = Math.sqrt(words.variance() + was.variance());
            if (Double.isNaN(deviation)) {
                return;
            }
            add(
                    kind,
                    subject,
                    share,
                    shareBefore,
                    List.of(new Effect("rise", share - shareBefore, limits)),
                    Chance.ofNormal(share - shareBefore, deviation),
                    of.isEmpty()
                            ? percent(share) + " of the words were never seen in training, " + percent(shareBefore)
                                    + " before"
                            : of + " has words that training never saw: " + percent(share) + " of its words, "
                                    + percent(shareBefore) + " before");
        }

        void compareReview() {
            double share = now.reviewShare();
            double was = before.reviewShare();
            add(
                    "review",
                    List.of(),
                    share,
                    was,
                    List.of(new Effect("difference", Math.abs(share - was), thresholds.review())),
                    Chance.ofShares(now.review(), now.rows(), before.review(), before.rows()),
                    percent(share) + " of rows go to review, " + percent(was) + " before");
        }

        void compareDistributions() {
            Map<List<String>, ClassProfile> classesNow = byPath(now);
            Map<List<String>, ClassProfile> classesBefore = byPath(before);
            List<long[]> pairs = new ArrayList<>();
            for (List<String> path : Drift.paths(now, before)) {
                pairs.add(new long[] {rowsOf(classesNow, path), rowsOf(classesBefore, path)});
            }
            compareBins("categories", "the shares of the categories moved", pooled(pairs));
            compareBins("confidence", "the confidences moved", pairs(now.confidence(), before.confidence()));
            compareBins("text_length", "the lengths of the texts moved", pairs(now.characters(), before.characters()));
        }

        private void compareBins(String kind, String moved, List<long[]> pairs) {
            Divergence divergence = Divergence.of(
                    pairs.stream().mapToLong(pair -> pair[0]).toArray(),
                    pairs.stream().mapToLong(pair -> pair[1]).toArray());
            if (Double.isNaN(divergence.psi())) {
                return;
            }
            add(
                    kind,
                    List.of(),
                    Double.NaN,
                    Double.NaN,
                    List.of(
                            new Effect("psi", divergence.psi(), thresholds.psi()),
                            new Effect("jensen_shannon", divergence.jensenShannon(), thresholds.jensenShannon())),
                    divergence.pValue(),
                    String.format(
                            Locale.ROOT,
                            "%s: PSI %.3f, Jensen-Shannon %.4f",
                            moved,
                            divergence.psi(),
                            divergence.jensenShannon()));
        }

        /** The small ones as one. */
        private List<long[]> pooled(List<long[]> pairs) {
            double least = MIN_EXPECTED * (now.rows() + before.rows()) / Math.min(now.rows(), before.rows());
            List<long[]> pooled = new ArrayList<>();
            long[] rest = new long[2];
            for (long[] pair : pairs) {
                if (pair[0] + pair[1] >= least) {
                    pooled.add(pair);
                } else {
                    rest[0] += pair[0];
                    rest[1] += pair[1];
                }
            }
            pooled.add(rest);
            return pooled;
        }

        private static List<long[]> pairs(List<Long> now, List<Long> before) {
            List<long[]> pairs = new ArrayList<>();
            for (int bin = 0; bin < now.size(); bin++) {
                pairs.add(new long[] {now.get(bin), before.get(bin)});
            }
            return pairs;
        }

        void compareClasses() {
            Map<List<String>, ClassProfile> classes = byPath(now);
            Map<List<String>, ClassProfile> classesBefore = byPath(before);
            for (List<String> path : Drift.paths(now, before)) {
                String name = "category " + new CategoryPath(path);
                compareShare(path, name, rowsOf(classes, path), rowsOf(classesBefore, path));
                UnknownWords words = wordsOf(classes, path);
                UnknownWords was = wordsOf(classesBefore, path);
                if (Math.min(words.rows(), was.rows()) >= thresholds.minClassRows()) {
                    compareWords("class_unknown_words", path, name, words, was, thresholds.classUnknownWords());
                }
            }
        }

        private void compareShare(List<String> path, String name, long rows, long rowsBefore) {
            if (Math.max(rows, rowsBefore) < thresholds.minClassRows()) {
                return;
            }
            double share = (double) rows / now.rows();
            double was = (double) rowsBefore / before.rows();
            // half a row more, so that a category without rows has a factor too
            double factor = (rows + 0.5) / now.rows() / ((rowsBefore + 0.5) / before.rows());
            add(
                    "class_share",
                    path,
                    share,
                    was,
                    List.of(new Effect("factor", Math.max(factor, 1 / factor), thresholds.classGrowth())),
                    Chance.ofShares(rows, now.rows(), rowsBefore, before.rows()),
                    name + " " + growth(share, was) + ": " + percent(was) + " to " + percent(share) + " of rows");
        }

        private static String growth(double share, double was) {
            if (was == 0 || share == 0) {
                return was == 0 ? "is new" : "is gone";
            }
            double factor = Math.max(share / was, was / share);
            boolean isTwice = factor >= 1.9 && factor < 2.25;
            if (share >= was) {
                return isTwice ? "doubled" : String.format(Locale.ROOT, "grew %.1f-fold", factor);
            }
            return isTwice ? "halved" : String.format(Locale.ROOT, "shrank %.1f-fold", factor);
        }

        private void add(
                String kind,
                List<String> subject,
                double is,
                double was,
                List<Effect> effects,
                double pValue,
                String sentence) {
            found.add(Difference.of(kind, subject, is, was, effects, pValue, sentence));
        }
    }

    /** Of all categories of both, those of the first first. */
    static List<List<String>> paths(Profile now, Profile before) {
        Map<List<String>, ClassProfile> known = byPath(now);
        return Stream.concat(
                        now.classes().stream(),
                        before.classes().stream().filter(each -> !known.containsKey(each.path())))
                .map(ClassProfile::path)
                .toList();
    }

    static Map<List<String>, ClassProfile> byPath(Profile profile) {
        Map<List<String>, ClassProfile> byPath = new HashMap<>();
        profile.classes().forEach(each -> byPath.put(each.path(), each));
        return byPath;
    }

    private static long rowsOf(Map<List<String>, ClassProfile> classes, List<String> path) {
        return classes.containsKey(path) ? classes.get(path).rows() : 0;
    }

    private static UnknownWords wordsOf(Map<List<String>, ClassProfile> classes, List<String> path) {
        return classes.containsKey(path) ? classes.get(path).words() : UnknownWords.NONE;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
