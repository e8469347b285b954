package io.aisle.batch.explore;

import io.aisle.batch.dataset.ClassFolding;
import io.aisle.batch.dataset.StratifiedSample;
import io.aisle.core.product.CategoryPath;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The classes of a catalog: their sizes, which are rare and where prepare would fold them, and what it would sample of each. */
final class ClassSizes {
    /** Classes that are listed at either end. */
    private static final int HEAD = 300;

    private static final int TAIL = 100;
    private static final int BRANCHES = 24;
    private static final int LEAVES = 15;
    private static final int RANKS = 200;

    private final List<Map.Entry<String, Long>> bySize;
    private final Map<String, String> foldMap;
    private final TreeMap<String, Long> folded = new TreeMap<>();
    private final BigDecimal fraction;
    private final long rows;

    ClassSizes(Map<String, Long> counts, long minClassSize, BigDecimal fraction) {
        this.bySize = bySize(counts);
        this.foldMap = ClassFolding.fold(counts, minClassSize);
        this.fraction = fraction;
        this.rows = counts.values().stream().mapToLong(Long::longValue).sum();
        counts.forEach((label, count) -> folded.merge(foldMap.getOrDefault(label, label), count, Long::sum));
    }

    private static List<Map.Entry<String, Long>> bySize(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    long rareRows() {
        return bySize.stream()
                .filter(entry -> foldMap.containsKey(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    int rareClasses() {
        return foldMap.size();
    }

    int classes() {
        return bySize.size();
    }

    /** @param telling words of a class, none of most */
    Map<String, Object> json(Map<String, List<String>> telling) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("classes", bySize.size());
        json.put("rows", rows);
        json.put(
                "largest_share",
                bySize.isEmpty() ? null : (double) bySize.get(0).getValue() / rows);
        json.put("rare_classes", rareClasses());
        json.put("rare_rows", rareRows());
        json.put("folded_classes", folded.size());
        json.put(
                "sampled_rows",
                folded.values().stream().mapToLong(this::sampled).sum());
        json.put("fraction", fraction);
        json.put("list", list(telling));
        json.put("left_out", Math.max(0, bySize.size() - HEAD - TAIL));
        json.put("sample", sample());
        json.put("sizes", sizes());
        json.put("ranks", ranks());
        json.put("tree", tree());
        return json;
    }

    private long sampled(long ofRows) {
        return StratifiedSample.size(ofRows, fraction);
    }

    /** The largest and the smallest. */
    private List<Object> list(Map<String, List<String>> telling) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < bySize.size(); i++) {
            if (i >= HEAD && i < bySize.size() - TAIL) {
                continue;
            }
            String label = bySize.get(i).getKey();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("label", label);
            entry.put("rows", bySize.get(i).getValue());
            entry.put("share", (double) bySize.get(i).getValue() / rows);
            entry.put("folds_into", foldMap.get(label));
            entry.put("telling", telling.getOrDefault(label, List.of()));
            list.add(entry);
        }
        return list;
    }

    /** What is left of the classes that prepare would make, the largest and the smallest. */
    private List<Object> sample() {
        List<Map.Entry<String, Long>> classes = bySize(folded);
        List<Object> sample = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            if (i < HEAD || i >= classes.size() - TAIL) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("label", classes.get(i).getKey());
                entry.put("rows", classes.get(i).getValue());
                entry.put("sampled", sampled(classes.get(i).getValue()));
                sample.add(entry);
            }
        }
        return sample;
    }

    /** Classes by their size, three bins a decade: from 1, 2, 5, 10, 20 … rows. */
    private List<Object> sizes() {
        List<Object> bins = new ArrayList<>();
        long from = 1;
        for (int step = 0; !bySize.isEmpty() && from <= bySize.get(0).getValue(); step++) {
            long to = step % 3 == 1 ? from / 2 * 5 : from * 2;
            long low = from;
            Map<String, Object> bin = new LinkedHashMap<>();
            bin.put("from", from);
            bin.put("to", to);
            bin.put(
                    "count",
                    bySize.stream()
                            .filter(entry -> entry.getValue() >= low && entry.getValue() < to)
                            .count());
            bins.add(bin);
            from = to;
        }
        return bins;
    }

    /** Rows of the class of each rank, the largest first; of many classes some, evenly on a logarithmic scale. */
    private List<Object> ranks() {
        List<Object> ranks = new ArrayList<>();
        int last = 0;
        for (int i = 0; i < RANKS; i++) {
            int rank = (int) Math.round(Math.pow(bySize.size(), (double) i / (RANKS - 1)));
            if (rank > last && rank <= bySize.size()) {
                Map<String, Object> point = new LinkedHashMap<>();
                point.put("rank", rank);
                point.put("rows", bySize.get(rank - 1).getValue());
                ranks.add(point);
                last = rank;
            }
        }
        return ranks;
    }

    /** Two levels of the taxonomy by rows; null where no class has two. */
    private Map<String, Object> tree() {
        TreeMap<String, TreeMap<String, Long>> branches = new TreeMap<>();
        boolean isDeep = false;
        for (Map.Entry<String, Long> entry : bySize) {
            CategoryPath path = CategoryPath.parse(entry.getKey());
            isDeep |= path.depth() > 1;
            branches.computeIfAbsent(path.names().get(0), name -> new TreeMap<>())
                    .merge(path.depth() > 1 ? path.names().get(1) : path.leaf(), entry.getValue(), Long::sum);
        }
        if (!isDeep) {
            return null;
        }
        TreeMap<String, Long> sizes = new TreeMap<>();
        branches.forEach((name, leaves) -> sizes.put(
                name, leaves.values().stream().mapToLong(Long::longValue).sum()));
        List<Object> children = new ArrayList<>();
        for (Map.Entry<String, Long> branch : largest(sizes, BRANCHES)) {
            TreeMap<String, Long> leaves = branches.get(branch.getKey());
            children.add(
                    leaves == null
                            ? leaf(branch)
                            : Map.of(
                                    "name",
                                    branch.getKey(),
                                    "children",
                                    largest(leaves, LEAVES).stream()
                                            .map(ClassSizes::leaf)
                                            .toList()));
        }
        return Map.of("name", "all", "children", children);
    }

    private static Map<String, Object> leaf(Map.Entry<String, Long> entry) {
        Map<String, Object> leaf = new LinkedHashMap<>();
        leaf.put("name", entry.getKey());
        leaf.put("value", entry.getValue());
        return leaf;
    }

    /** The largest, and the rest as one. */
    private static List<Map.Entry<String, Long>> largest(Map<String, Long> counts, int limit) {
        List<Map.Entry<String, Long>> sorted = bySize(counts);
        if (sorted.size() <= limit) {
            return sorted;
        }
        List<Map.Entry<String, Long>> largest = new ArrayList<>(sorted.subList(0, limit));
        List<Map.Entry<String, Long>> rest = sorted.subList(limit, sorted.size());
        largest.add(Map.entry(
                "(" + rest.size() + " more)",
                rest.stream().mapToLong(Map.Entry::getValue).sum()));
        return Collections.unmodifiableList(largest);
    }
}
