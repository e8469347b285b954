package io.aisle.core.product;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels as the leaves of a tree: at each level, the category that a label is in. A label that ends above a level stays itself there, so
 * that at every level each label is in one category.
 */
public final class LabelTree {
    private final List<List<CategoryPath>> categories = new ArrayList<>();
    private final List<int[]> categoryOfLabel = new ArrayList<>();

    private LabelTree() {}

    /** The tree of labels in their order. */
    public static LabelTree of(List<CategoryPath> labels) {
        LabelTree tree = new LabelTree();
        int levels = labels.stream().mapToInt(CategoryPath::depth).max().orElse(0);
        for (int depth = 1; depth <= levels; depth++) {
            Map<CategoryPath, Integer> numbers = new LinkedHashMap<>();
            int[] ofLabel = new int[labels.size()];
            for (int label = 0; label < ofLabel.length; label++) {
                numbers.putIfAbsent(labels.get(label).cut(depth), numbers.size());
                ofLabel[label] = numbers.get(labels.get(label).cut(depth));
            }
            tree.categories.add(List.copyOf(numbers.keySet()));
            tree.categoryOfLabel.add(ofLabel);
        }
        return tree;
    }

    /** How many levels there are; the labels are the last. */
    public int levels() {
        return categories.size();
    }

    /** The categories of a level, 0 the root's children, in the order of their first labels. */
    public List<CategoryPath> categories(int level) {
        return categories.get(level);
    }

    /** The number of the category that each label is in at a level, int[labels]. */
    public int[] categoryOfLabel(int level) {
        return categoryOfLabel.get(level).clone();
    }
}
