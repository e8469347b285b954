package io.aisle.core.linear;

import io.aisle.core.product.LabelTree;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has to be fitted for a tree of labels: each category of each level that has labels of its own. Categories of two levels with the
 * same labels are one class; a level of one category says nothing, nor does one that divides the labels as the level above does.
 *
 * @param classes the labels of each class
 * @param classOfLabel the class that each label is in, int[labels], one a level that says something
 */
public record LevelClasses(List<BitSet> classes, List<int[]> classOfLabel) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The classes of a tree. */
    public static LevelClasses of(LabelTree tree) {
        Map<BitSet, Integer> numbers = new LinkedHashMap<>();
        List<int[]> levels = new ArrayList<>();
        for (int level = 0; level < tree.levels(); level++) {
            int[] categoryOfLabel = tree.categoryOfLabel(level);
            if (tree.categories(level).size() == 1
                    || (level > 0 && Arrays.equals(categoryOfLabel, tree.categoryOfLabel(level - 1)))) {
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

    /** How many levels say something. */
    public int levels() {
        return classOfLabel.size();
    }

    /** How many labels there are. */
    public int labels() {
        return classOfLabel.get(0).length;
    }

    /**
     * The score of each label: the sum, over the levels, of what its category's margin comes to.
     *
     * @param margins one a class
     * @param sigmoids one a level
     * @return float[labels]
     */
    public float[] scores(float[] margins, List<LevelSigmoid> sigmoids) {
        double[] sums = new double[labels()];
        for (int level = 0; level < levels(); level++) {
            double[] ofClasses = sigmoids.get(level).of(margins);
            int[] classes = classOfLabel.get(level);
            for (int label = 0; label < classes.length; label++) {
                sums[label] += ofClasses[classes[label]];
            }
        }
        float[] scores = new float[sums.length];
        for (int label = 0; label < scores.length; label++) {
            scores[label] = (float) sums[label];
        }
        return scores;
    }
}
