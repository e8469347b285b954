package io.aisle.core.model;

import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Product;
import java.util.ArrayList;
import java.util.List;

/** Classifiers that answer together: a product of experts (Hinton 2002, "Training products of experts"), each to the power of its weight. */
public final class Stack implements Classifier {
    private final List<CategoryPath> labels;
    private final List<Classifier> members;
    private final List<Double> weights;
    private final Scaling scaling;

    Stack(List<CategoryPath> labels, List<Classifier> members, List<Double> weights, Scaling scaling) {
        this.labels = labels;
        this.members = members;
        this.weights = weights;
        this.scaling = scaling;
    }

    @Override
    public List<CategoryPath> labels() {
        return labels;
    }

    @Override
    public List<float[]> logits(List<Product> cleanedProducts) {
        List<List<float[]>> answers =
                members.stream().map(member -> member.logits(cleanedProducts)).toList();
        List<float[]> logits = new ArrayList<>(cleanedProducts.size());
        for (int i = 0; i < cleanedProducts.size(); i++) {
            int product = i;
            logits.add(scaling.of(together(
                    answers.stream().map(ofMember -> ofMember.get(product)).toList(), weights)));
        }
        return logits;
    }

    /**
     * The logits that several give together, before they are scaled.
     *
     * @param ofMembers each one's logits of a product
     */
    public static float[] together(List<float[]> ofMembers, List<Double> weights) {
        double[] sums = new double[ofMembers.get(0).length];
        for (int member = 0; member < ofMembers.size(); member++) {
            float[] logits = ofMembers.get(member);
            // where each is normalised, a member's weight says how much it counts, whatever its logits add up to
            double normaliser = Softmax.logSum(logits);
            for (int label = 0; label < sums.length; label++) {
                sums[label] += weights.get(member) * (logits[label] - normaliser);
            }
        }
        float[] together = new float[sums.length];
        for (int label = 0; label < together.length; label++) {
            together[label] = (float) sums[label];
        }
        return together;
    }

    @Override
    public void close() {
        members.forEach(Classifier::close);
    }
}
