package io.aisle.batch.dataset;

import io.aisle.core.product.CategoryPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Folds rare classes, deepest level first and recounting: into {@code other} beside them, what is still rare then one level up, at
 * last into the root {@code other}, which stays however small it is. Runs on the driver, over class counts alone.
 */
public final class ClassFolding {
    private static final CategoryPath ROOT_OTHER = CategoryPath.of(CategoryPath.OTHER);

    private ClassFolding() {}

    /**
     * Where each rare class goes.
     *
     * @param counts rows of each class, by rendered path
     * @param minClassSize the least rows of a class that stays
     * @return rendered path of every class that does not stay, to the rendered path of the class it ends up in
     */
    public static Map<String, String> fold(Map<String, Long> counts, long minClassSize) {
        Map<CategoryPath, Long> rows = new TreeMap<>();
        counts.forEach((label, count) -> rows.merge(CategoryPath.parse(label), count, Long::sum));
        Map<CategoryPath, CategoryPath> moves = new TreeMap<>();
        int deepest = rows.keySet().stream().mapToInt(CategoryPath::depth).max().orElse(0);
        for (int depth = deepest; depth > 0; depth--) {
            // first the named classes, then what gathered in other: it may have become large enough
            for (boolean isOther : new boolean[] {false, true}) {
                for (CategoryPath rare : rareAt(depth, isOther, rows, minClassSize)) {
                    moves.put(rare, rare.folded());
                    rows.merge(rare.folded(), rows.remove(rare), Long::sum);
                }
            }
        }
        Map<String, String> folded = new TreeMap<>();
        for (String label : counts.keySet()) {
            CategoryPath path = CategoryPath.parse(label);
            CategoryPath end = path;
            while (moves.containsKey(end)) {
                end = moves.get(end);
            }
            if (!end.equals(path)) {
                folded.put(label, end.toString());
            }
        }
        return folded;
    }

    private static List<CategoryPath> rareAt(
            int depth, boolean isOther, Map<CategoryPath, Long> rows, long minClassSize) {
        List<CategoryPath> rare = new ArrayList<>();
        rows.forEach((path, count) -> {
            if (path.depth() == depth
                    && path.leaf().equals(CategoryPath.OTHER) == isOther
                    && count < minClassSize
                    && !path.equals(ROOT_OTHER)) {
                rare.add(path);
            }
        });
        return rare;
    }
}
