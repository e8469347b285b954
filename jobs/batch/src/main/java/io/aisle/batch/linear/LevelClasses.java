package io.aisle.batch.linear;

import io.aisle.core.product.LabelTree;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has to be fitted for a tree of labels: each category of each level that has labels of its own. Categories of two levels with the
 * same labels are one class, and a level of one category says nothing.
 *
 * @param classes the labels of each class
 * @param classOfLabel the class that each label is in, int[labels], one a level that says something
 */
record LevelClasses(List<BitSet> classes, List<int[]> classOfLabel) implements Serializable {
    private static final long serialVersionUID = 1L;

    static LevelClasses of(LabelTree tree) {
        Map<BitSet, Integer> numbers = new LinkedHashMap<>();
        List<int[]> levels = new ArrayList<>();
        for (int level = 0; level < tree.levels(); level++) {
            int[] categoryOfLabel = tree.categoryOfLabel(level);
            if (tree.categories(level).size() == 1) {
                continue;
            }
            List<BitSet> categories = new ArrayList<>();
            tree.categories(level).forEach(category -> categories.add(new BitSet()));
            for (int label = 0; label < categoryOfLabel.length; label++) {
                categories.get(categoryOfLabel[label]).set(label);
            }
            categories.forEach(labels -> numbers.putIfAbsent(labels, numbers.size()));
            int[] classOfLabel = new int[categoryOfLabel.length];
            for (int label = 0; label < classOfLabel.length; label++) {
                classOfLabel[label] = numbers.get(categories.get(categoryOfLabel[label]));
            }
            levels.add(classOfLabel);
        }
        return new LevelClasses(new ArrayList<>(numbers.keySet()), levels);
    }

    int levels() {
        return classOfLabel.size();
    }

    int labels() {
        return classOfLabel.get(0).length;
    }

    /**
     * The scores of each label: the sum over levels of scale times the value of the class that it is in.
     *
     * @param values one a class
     * @param scales one a level
     */
    void addUp(float[] values, double[] scales, double[] scores) {
        for (int label = 0; label < scores.length; label++) {
            double sum = 0;
            for (int level = 0; level < scales.length; level++) {
                sum += scales[level] * values[classOfLabel.get(level)[label]];
            }
            scores[label] = sum;
        }
    }
}
