"""The count of a clock in words, for 期限怎么算."""

from django import template

from approvals.clock_words import in_words

register = template.Library()
register.filter("in_words", in_words)
